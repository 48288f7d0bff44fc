using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>A step of gradient descent with momentum, element by element: v ← μ v − η (g + λ w), then w ← w + v.</summary>
    /// <remarks>
    /// Computed as fma(−η, fma(λ, w, g), μ v) and w + v, four roundings. With u = 2⁻²⁴ the velocity is off by at most
    /// 3u (|μ v| + η (|g| + |λ w|)), the parameter by as much and u |w + v|. The same bits at every <see cref="SimdLevel"/>. NaN in
    /// an element gives NaN in that element. Source: the article's descent v ← v − η ∇C with the momentum of B. T. Polyak, "Some
    /// methods of speeding up the convergence of iteration methods", USSR Computational Mathematics and Mathematical Physics 4 (1964).
    /// </remarks>
    /// <param name="gradient">g, in any order of storage.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="momentum">μ.</param>
    /// <param name="decay">λ: the pull towards zero, 0 for none.</param>
    /// <param name="velocity">v, as many elements in the same order; apart from the others.</param>
    /// <param name="parameters">w, as many elements in the same order; apart from the others.</param>
    /// <param name="threads">The most threads to use, at least 1; the bits do not depend on it.</param>
    /// <exception cref="ArgumentException">The lengths differ, or two spans overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public static void MomentumUpdate(
        ReadOnlySpan<float> gradient, float learningRate, float momentum, float decay, Span<float> velocity, Span<float> parameters,
        int threads = 1) =>
        MomentumUpdate(SimdSupport.Current, gradient, learningRate, momentum, decay, velocity, parameters, threads);

    internal static void MomentumUpdate(
        SimdLevel level, ReadOnlySpan<float> gradient, float learningRate, float momentum, float decay,
        Span<float> velocity, Span<float> parameters, int threads = 1)
    {
        Check.Update(gradient, velocity, parameters, threads);
        UpdateLoop<MomentumRule>.Run(
            level, new MomentumRule(learningRate, momentum, decay), gradient, velocity, default, parameters, threads);
    }
}

/// <summary>v ← μ v − η (g + λ w), w ← w + v.</summary>
internal readonly struct MomentumRule(float learningRate, float momentum, float decay) : IUpdateRule
{
    public static int States => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TSimd, TVector>(TVector gradient, TVector parameter, ref TVector first, ref TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector pull = TSimd.FusedMultiplyAdd(TSimd.Broadcast(decay), parameter, gradient);
        first = TSimd.FusedMultiplyAdd(TSimd.Broadcast(-learningRate), pull, TSimd.Multiply(TSimd.Broadcast(momentum), first));
        return TSimd.Add(parameter, first);
    }
}
