using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>
    /// Step t of AdamW, element by element: m ← β₁ m + (1 − β₁) g, s ← β₂ s + (1 − β₂) g², then
    /// w ← (1 − η λ) w − η (m / c₁) / (√(s / c₂) + ε) with the corrections c₁ = 1 − β₁ᵗ and c₂ = 1 − β₂ᵗ.
    /// </summary>
    /// <remarks>
    /// <see cref="AdamUpdate(ReadOnlySpan{float}, float, float, float, float, float, double, double, Span{float}, Span{float}, Span{float},
    /// int)"/> tells how it is computed; the decay does not pass through the means but is a product of its own, by 1 − η λ computed in double
    /// and rounded once. Source: I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2, with the decay
    /// times η as in PyTorch.
    /// </remarks>
    /// <param name="gradient">g, in any order of storage.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="beta1">β₁, the share of the past in the mean, 0 to 1.</param>
    /// <param name="beta2">β₂, the share of the past in the mean square, 0 to 1.</param>
    /// <param name="epsilon">ε, more than 0: an element without any gradient would be 0 / 0 without it.</param>
    /// <param name="weightDecay">λ, 0 for none.</param>
    /// <param name="correction1">c₁ = 1 − β₁ᵗ, t counted from 1.</param>
    /// <param name="correction2">c₂ = 1 − β₂ᵗ.</param>
    /// <param name="mean">m, as many elements in the same order; apart from the others.</param>
    /// <param name="square">s, as many elements in the same order, 0 or more; apart from the others.</param>
    /// <param name="parameters">w, as many elements in the same order; apart from the others.</param>
    /// <param name="threads">The most threads to use, at least 1; the bits do not depend on it.</param>
    /// <exception cref="ArgumentException">The lengths differ, or two spans overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public static void AdamWUpdate(
        ReadOnlySpan<float> gradient, float learningRate, float beta1, float beta2, float epsilon, float weightDecay,
        double correction1, double correction2, Span<float> mean, Span<float> square, Span<float> parameters, int threads = 1) =>
        AdamWUpdate(
            SimdSupport.Current, gradient, learningRate, beta1, beta2, epsilon, weightDecay, correction1, correction2, mean, square,
            parameters, threads);

    internal static void AdamWUpdate(
        SimdLevel level, ReadOnlySpan<float> gradient, float learningRate, float beta1, float beta2, float epsilon, float weightDecay,
        double correction1, double correction2, Span<float> mean, Span<float> square, Span<float> parameters, int threads = 1)
    {
        Check.Update(gradient, mean, square, parameters, threads);
        var rule = new AdamRule(learningRate, beta1, beta2, epsilon, correction1, correction2)
        {
            Keep = (float)(1 - (double)learningRate * weightDecay),
        };
        UpdateLoop<AdamRule>.Run(level, rule, gradient, mean, square, parameters, threads);
    }
}
