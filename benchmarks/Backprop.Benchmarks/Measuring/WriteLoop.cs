using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Benchmarks.Measuring;

/// <summary>Writes memory with ordinary stores, as kernels do: a line that is not in a cache is read before it is written.</summary>
internal static unsafe class WriteLoop
{
    private const int Stores = 8;

    /// <summary>
    /// Writes <paramref name="count"/> floats, a multiple of <see cref="ReadLoop.Block"/>, <paramref name="passes"/> times.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TSimd, TVector>(float* destination, nint count, int passes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector value = TSimd.Broadcast(1f);
        float* end = destination + count;
        for (int pass = 0; pass < passes; pass++)
        {
            for (float* p = destination; p < end; p += Stores * TSimd.Width)
            {
                TSimd.Store(p, value);
                TSimd.Store(p + TSimd.Width, value);
                TSimd.Store(p + 2 * TSimd.Width, value);
                TSimd.Store(p + 3 * TSimd.Width, value);
                TSimd.Store(p + 4 * TSimd.Width, value);
                TSimd.Store(p + 5 * TSimd.Width, value);
                TSimd.Store(p + 6 * TSimd.Width, value);
                TSimd.Store(p + 7 * TSimd.Width, value);
            }
        }
    }
}
