using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>Runs the parts of a product on several threads.</summary>
internal static unsafe class GemmThreads
{
    /// <summary>Runs the product on up to as many threads as it allows.</summary>
    public static void Run<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        var work = new Work { Product = g, Division = GemmDivision.Create(g.Shape, TileShape.Of(TSimd.Level), g.Threads) };
        WorkerPool.Run(work.Division.Parts, &RunPart<TSimd, TVector>, &work);
    }

    private static void RunPart<TSimd, TVector>(void* state, int part)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        ref readonly Work work = ref *(Work*)state;
        GemmArguments g = work.Product;
        (int first, int count) = work.Division.Share(part, work.Division.ByColumns ? g.N : g.M);
        GemmBlocks.Run<TSimd, TVector>(work.Division.ByColumns ? g.Part(0, g.M, first, count) : g.Part(first, count, 0, g.N));
    }

    private struct Work
    {
        public GemmArguments Product;
        public GemmDivision Division;
    }
}
