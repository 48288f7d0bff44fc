using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>
    /// A step of gradient descent with Nesterov's momentum, element by element: d = −η (g + λ w), v ← μ v + d, then w ← w + μ v + d.
    /// </summary>
    /// <remarks>
    /// <para>w is the point looked ahead to, at which the gradient is taken: with θ = w − μ v these are Nesterov's v ← μ v − η ∇C(θ + μ v),
    /// θ ← θ + v. Computed as d = −η · fma(λ, w, g), v = fma(μ, v, d), w = w + fma(μ, v, d). With u = 2⁻²⁴ and |μ| ≤ 1 the velocity is off
    /// by at most 3u (|μ v| + η (|g| + |λ w|)), the parameter by 6u of that (v the old one) and u |w|. The same bits at every
    /// <see cref="SimdLevel"/>. NaN in an element gives NaN in that element.</para>
    /// <para>Source: Y. Nesterov, "A method of solving a convex programming problem with convergence rate O(1/k²)", Soviet Mathematics
    /// Doklady 27 (1983), in the form of I. Sutskever et al., "On the importance of initialization and momentum in deep learning",
    /// ICML 2013, rewritten for the point looked ahead to as in Y. Bengio et al., "Advances in optimizing recurrent networks" (2012).
    /// </para>
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
    public static void NesterovUpdate(
        ReadOnlySpan<float> gradient, float learningRate, float momentum, float decay, Span<float> velocity, Span<float> parameters,
        int threads = 1) =>
        NesterovUpdate(SimdSupport.Current, gradient, learningRate, momentum, decay, velocity, parameters, threads);

    internal static void NesterovUpdate(
        SimdLevel level, ReadOnlySpan<float> gradient, float learningRate, float momentum, float decay,
        Span<float> velocity, Span<float> parameters, int threads = 1)
    {
        Check.Update(gradient, velocity, parameters, threads);
        UpdateLoop<NesterovRule>.Run(
            level, new NesterovRule(learningRate, momentum, decay), gradient, velocity, default, parameters, threads);
    }
}

/// <summary>d = −η (g + λ w), v ← μ v + d, w ← w + μ v + d.</summary>
internal readonly struct NesterovRule(float learningRate, float momentum, float decay) : IUpdateRule
{
    public static int States => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TSimd, TVector>(TVector gradient, TVector parameter, ref TVector first, ref TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector keep = TSimd.Broadcast(momentum);
        TVector pull = TSimd.FusedMultiplyAdd(TSimd.Broadcast(decay), parameter, gradient);
        TVector descent = TSimd.Multiply(TSimd.Broadcast(-learningRate), pull);
        first = TSimd.FusedMultiplyAdd(keep, first, descent);
        return TSimd.Add(parameter, TSimd.FusedMultiplyAdd(keep, first, descent));
    }
}
