using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>Divides the elements of C among threads; no element is touched by two.</summary>
internal static unsafe class GemmThreads
{
    /// <summary>Fewer multiply-adds than this a thread are not worth waking it: about 10 µs of one core.</summary>
    private const long LeastWork = 1 << 20;

    /// <summary>Runs the product on up to as many threads as it allows.</summary>
    public static void Run<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        // by columns where there are enough: a thread then finds its columns of B, weights that it updated in the step before, in its own cache
        // (decision 0010). By rows it keeps its part of A in L2 while it reads all of B once; packed, it would pack all of B, and by columns
        // all of A
        bool byColumns = g.PacksFarB ? g.N >= g.M : g.N > 2L * g.M || g.N >= 8L * TSimd.Width * g.Threads;
        int unit = byColumns ? 2 * TSimd.Width : 1;
        int units = ((byColumns ? g.N : g.M) + unit - 1) / unit;
        long work = (long)g.M * g.N * g.K;
        int parts = (int)Math.Min(Math.Min(g.Threads, units), Math.Max(1, work / LeastWork));
        var division = new Division { Product = g, ByColumns = byColumns, Unit = unit, Units = units, Parts = parts };
        WorkerPool.Run(parts, &RunPart<TSimd, TVector>, &division);
    }

    private static void RunPart<TSimd, TVector>(void* state, int part)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        ref readonly Division division = ref *(Division*)state;
        GemmArguments g = division.Product;
        int total = division.ByColumns ? g.N : g.M;
        int first = Math.Min(total, (int)((long)division.Units * part / division.Parts) * division.Unit);
        int last = Math.Min(total, (int)((long)division.Units * (part + 1) / division.Parts) * division.Unit);
        g = division.ByColumns ? g.Part(0, g.M, first, last - first) : g.Part(first, last - first, 0, g.N);
        GemmBlocks.Run<TSimd, TVector>(g);
    }

    private struct Division
    {
        public GemmArguments Product;
        public bool ByColumns;
        public int Unit;
        public int Units;
        public int Parts;
    }
}
