using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>A step of gradient descent, element by element: w ← w − η (g + λ w).</summary>
    /// <remarks>
    /// Computed as fma(−η, fma(λ, w, g), w), two roundings: with u = 2⁻²⁴ off by at most u η |g + λ w| + u |w − η (g + λ w)| and a term in u².
    /// The same bits at every <see cref="SimdLevel"/>. NaN in an element gives NaN in that element. Source: the article's descent
    /// v ← v − η ∇C.
    /// </remarks>
    /// <param name="gradient">g, in any order of storage.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="decay">λ: the pull towards zero, 0 for none.</param>
    /// <param name="parameters">w, as many elements in the same order; apart from the gradient.</param>
    /// <param name="threads">The most threads to use, at least 1; the bits do not depend on it.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public static void GradientDescentUpdate(
        ReadOnlySpan<float> gradient, float learningRate, float decay, Span<float> parameters, int threads = 1) =>
        GradientDescentUpdate(SimdSupport.Current, gradient, learningRate, decay, parameters, threads);

    internal static void GradientDescentUpdate(
        SimdLevel level, ReadOnlySpan<float> gradient, float learningRate, float decay, Span<float> parameters, int threads = 1)
    {
        Check.Update(gradient, parameters, threads);
        UpdateLoop<GradientDescentRule>.Run(
            level, new GradientDescentRule(learningRate, decay), gradient, default, default, parameters, threads);
    }
}

/// <summary>w ← w − η (g + λ w).</summary>
internal readonly struct GradientDescentRule(float learningRate, float decay) : IUpdateRule
{
    public static int States => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TSimd, TVector>(TVector gradient, TVector parameter, ref TVector first, ref TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.FusedMultiplyAdd(
            TSimd.Broadcast(-learningRate), TSimd.FusedMultiplyAdd(TSimd.Broadcast(decay), parameter, gradient), parameter);
}
