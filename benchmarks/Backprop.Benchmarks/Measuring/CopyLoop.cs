using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Benchmarks.Measuring;

/// <summary>Copies memory vector by vector, as an elementwise kernel without arithmetic would.</summary>
internal static unsafe class CopyLoop
{
    private const int Vectors = 8;

    /// <summary>
    /// Copies <paramref name="count"/> floats, a multiple of <see cref="ReadLoop.Block"/>, <paramref name="passes"/> times.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TSimd, TVector>(float* source, float* destination, nint count, int passes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* end = source + count;
        for (int pass = 0; pass < passes; pass++)
        {
            for (float* p = source, q = destination; p < end; p += Vectors * TSimd.Width, q += Vectors * TSimd.Width)
            {
                TSimd.Store(q, TSimd.Load(p));
                TSimd.Store(q + TSimd.Width, TSimd.Load(p + TSimd.Width));
                TSimd.Store(q + 2 * TSimd.Width, TSimd.Load(p + 2 * TSimd.Width));
                TSimd.Store(q + 3 * TSimd.Width, TSimd.Load(p + 3 * TSimd.Width));
                TSimd.Store(q + 4 * TSimd.Width, TSimd.Load(p + 4 * TSimd.Width));
                TSimd.Store(q + 5 * TSimd.Width, TSimd.Load(p + 5 * TSimd.Width));
                TSimd.Store(q + 6 * TSimd.Width, TSimd.Load(p + 6 * TSimd.Width));
                TSimd.Store(q + 7 * TSimd.Width, TSimd.Load(p + 7 * TSimd.Width));
            }
        }
    }
}
