using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>
    /// Step t of Adam, element by element: p = g + λ w, m ← β₁ m + (1 − β₁) p, s ← β₂ s + (1 − β₂) p², then
    /// w ← w − η (m / c₁) / (√(s / c₂) + ε) with the corrections c₁ = 1 − β₁ᵗ and c₂ = 1 − β₂ᵗ.
    /// </summary>
    /// <remarks>
    /// <para>The corrections come from the caller, who multiplies β₁ᵗ and β₂ᵗ up step by step in double: a power function may differ between
    /// platforms. Computed as m = fma(β₁, m, (1 − β₁) p), s = fma(β₂, s, ((1 − β₂) p) p), w = fma(−η/c₁, m / fma(√s, 1/√c₂, ε), w), where
    /// 1 − β, η/c₁ and 1/√c₂ are computed in double and rounded once; square root and division are rounded as IEEE 754 says. The quotient
    /// is off by at most 8u of itself beyond the error of m (u = 2⁻²⁴), as long as s neither overflows nor is subnormal. The same bits at
    /// every <see cref="SimdLevel"/>. NaN in an element gives NaN in that element.</para>
    /// <para>Source: D. P. Kingma, J. Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1; λ w is added to the gradient
    /// as its weight decay is in PyTorch.</para>
    /// </remarks>
    /// <param name="gradient">g, in any order of storage.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="beta1">β₁, the share of the past in the mean, 0 to 1.</param>
    /// <param name="beta2">β₂, the share of the past in the mean square, 0 to 1.</param>
    /// <param name="epsilon">ε, more than 0: an element without any gradient would be 0 / 0 without it.</param>
    /// <param name="decay">λ: the pull towards zero as a part of the gradient, 0 for none.</param>
    /// <param name="correction1">c₁ = 1 − β₁ᵗ, t counted from 1.</param>
    /// <param name="correction2">c₂ = 1 − β₂ᵗ.</param>
    /// <param name="mean">m, as many elements in the same order; apart from the others.</param>
    /// <param name="square">s, as many elements in the same order, 0 or more; apart from the others.</param>
    /// <param name="parameters">w, as many elements in the same order; apart from the others.</param>
    /// <param name="threads">The most threads to use, at least 1; the bits do not depend on it.</param>
    /// <exception cref="ArgumentException">The lengths differ, or two spans overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public static void AdamUpdate(
        ReadOnlySpan<float> gradient, float learningRate, float beta1, float beta2, float epsilon, float decay,
        double correction1, double correction2, Span<float> mean, Span<float> square, Span<float> parameters, int threads = 1) =>
        AdamUpdate(
            SimdSupport.Current, gradient, learningRate, beta1, beta2, epsilon, decay, correction1, correction2, mean, square, parameters,
            threads);

    internal static void AdamUpdate(
        SimdLevel level, ReadOnlySpan<float> gradient, float learningRate, float beta1, float beta2, float epsilon, float decay,
        double correction1, double correction2, Span<float> mean, Span<float> square, Span<float> parameters, int threads = 1)
    {
        Check.Update(gradient, mean, square, parameters, threads);
        var rule = new AdamRule(learningRate, beta1, beta2, epsilon, correction1, correction2) { Decay = decay };
        UpdateLoop<AdamRule>.Run(level, rule, gradient, mean, square, parameters, threads);
    }
}
