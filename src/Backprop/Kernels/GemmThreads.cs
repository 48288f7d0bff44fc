using Backprop.Simd;
using static System.FormattableString;

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

/// <summary>How C is divided among threads: by rows or by columns, these in whole tiles. No element is touched by two.</summary>
/// <param name="Parts">The number of parts, 1 or more.</param>
/// <param name="ByColumns">Whether each part has all rows of some columns.</param>
/// <param name="Unit">Rows or columns that stay together.</param>
internal readonly record struct GemmDivision(int Parts, bool ByColumns, int Unit)
{
    /// <summary>Fewer multiply-adds than this a thread are not worth waking it: about 10 µs of one core.</summary>
    private const long MinWork = 1 << 20;

    /// <summary>Tiles of columns that each thread has at least where a product is divided by columns though it is not wide.</summary>
    private const int MinTilesByColumns = 4;

    /// <summary>The division for up to so many threads. By columns where there are enough: a thread then finds its columns of B, weights
    /// that it updated in the step before, in its own cache (decision 0010). By rows it keeps its part of A in L2 while it reads all
    /// of B.</summary>
    public static GemmDivision Create(in GemmShape shape, TileShape tile, int threads)
    {
        bool byColumns = shape.N > 2L * shape.M || shape.N >= (long)MinTilesByColumns * tile.Columns * threads;
        int unit = byColumns ? tile.Columns : 1, total = byColumns ? shape.N : shape.M, units = (total + unit - 1) / unit;
        long worthwhile = Math.Max(1, (long)shape.M * shape.N * shape.K / MinWork);
        return new GemmDivision((int)Math.Min(Math.Min(threads, units), worthwhile), byColumns, unit);
    }

    /// <summary>The rows or columns of a part.</summary>
    public (int First, int Count) Share(int part, int total)
    {
        int units = (total + Unit - 1) / Unit;
        int first = Math.Min(total, (int)((long)units * part / Parts) * Unit);
        int end = Math.Min(total, (int)((long)units * (part + 1) / Parts) * Unit);
        return (first, end - first);
    }

    /// <summary>The division in words.</summary>
    public override string ToString() =>
        Parts == 1 ? "1 thread" : Invariant($"{Parts} threads, each some {(ByColumns ? "columns" : "rows")} of C");
}
