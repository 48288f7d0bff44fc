using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Benchmarks.Measuring;

/// <summary>Fused multiply-adds that touch nothing but registers.</summary>
internal static unsafe class FmaLoop
{
    /// <summary>
    /// Independent chains: two units of four cycles latency need eight. Fourteen and one constant fit the sixteen registers there are
    /// without AVX-512, and feed seven eighths of a core with four units.
    /// </summary>
    public const int Chains = 14;

    /// <summary>Operations of all chains in one iteration: two each lane.</summary>
    public static double OperationsPerIteration(int width) => 2.0 * Chains * width;

    /// <summary>
    /// Runs all chains <paramref name="iterations"/> times. Each a ← a/2 + 1/2 goes to 1: neither subnormal nor infinite.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TSimd, TVector>(int iterations, float* result)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector half = TSimd.Broadcast(0.5f);
        TVector a0 = half, a1 = half, a2 = half, a3 = half, a4 = half, a5 = half, a6 = half;
        TVector a7 = half, a8 = half, a9 = half, a10 = half, a11 = half, a12 = half, a13 = half;
        for (int i = 0; i < iterations; i++)
        {
            a0 = TSimd.FusedMultiplyAdd(a0, half, half);
            a1 = TSimd.FusedMultiplyAdd(a1, half, half);
            a2 = TSimd.FusedMultiplyAdd(a2, half, half);
            a3 = TSimd.FusedMultiplyAdd(a3, half, half);
            a4 = TSimd.FusedMultiplyAdd(a4, half, half);
            a5 = TSimd.FusedMultiplyAdd(a5, half, half);
            a6 = TSimd.FusedMultiplyAdd(a6, half, half);
            a7 = TSimd.FusedMultiplyAdd(a7, half, half);
            a8 = TSimd.FusedMultiplyAdd(a8, half, half);
            a9 = TSimd.FusedMultiplyAdd(a9, half, half);
            a10 = TSimd.FusedMultiplyAdd(a10, half, half);
            a11 = TSimd.FusedMultiplyAdd(a11, half, half);
            a12 = TSimd.FusedMultiplyAdd(a12, half, half);
            a13 = TSimd.FusedMultiplyAdd(a13, half, half);
        }
        TVector sum = TSimd.Add(TSimd.Add(TSimd.Add(a0, a1), TSimd.Add(a2, a3)), TSimd.Add(TSimd.Add(a4, a5), a6));
        TVector rest = TSimd.Add(TSimd.Add(TSimd.Add(a7, a8), TSimd.Add(a9, a10)), TSimd.Add(TSimd.Add(a11, a12), a13));
        TSimd.Store(result, TSimd.Add(sum, rest));
    }
}
