using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Benchmarks.Measuring;

/// <summary>Reads memory as fast as it comes: a sum in eight chains, which is two adds a cycle at four cycles latency.</summary>
internal static unsafe class ReadLoop
{
    private const int Chains = 8;

    /// <summary>The number of floats a pass must be a multiple of, for any width.</summary>
    public static int Block { get; } = Chains * Simd512.Width;

    /// <summary>Reads <paramref name="count"/> floats, a multiple of <see cref="Block"/>, <paramref name="passes"/> times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TSimd, TVector>(float* source, nint count, int passes, float* result)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector s0 = TSimd.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        float* end = source + count;
        for (int pass = 0; pass < passes; pass++)
        {
            for (float* p = source; p < end; p += Chains * TSimd.Width)
            {
                s0 = TSimd.Add(s0, TSimd.Load(p));
                s1 = TSimd.Add(s1, TSimd.Load(p + TSimd.Width));
                s2 = TSimd.Add(s2, TSimd.Load(p + 2 * TSimd.Width));
                s3 = TSimd.Add(s3, TSimd.Load(p + 3 * TSimd.Width));
                s4 = TSimd.Add(s4, TSimd.Load(p + 4 * TSimd.Width));
                s5 = TSimd.Add(s5, TSimd.Load(p + 5 * TSimd.Width));
                s6 = TSimd.Add(s6, TSimd.Load(p + 6 * TSimd.Width));
                s7 = TSimd.Add(s7, TSimd.Load(p + 7 * TSimd.Width));
            }
        }
        TSimd.Store(result, TSimd.Add(TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3)), TSimd.Add(TSimd.Add(s4, s5), TSimd.Add(s6, s7))));
    }
}
