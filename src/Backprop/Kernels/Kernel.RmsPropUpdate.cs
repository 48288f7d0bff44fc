using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>A step of RMSProp, element by element: p = g + λ w, s ← ρ s + (1 − ρ) p², then w ← w − η p / (√s + ε).</summary>
    /// <remarks>
    /// Computed as p = fma(λ, w, g), s = fma(ρ, s, ((1 − ρ) p) p), w = fma(−η, p / (√s + ε), w), square root and division rounded as
    /// IEEE 754 says; 1 − ρ is rounded from double. Nine roundings: the quotient is off by at most 7u of itself beyond the error of p
    /// (u = 2⁻²⁴), as long as s neither overflows nor is subnormal. The same bits at every <see cref="SimdLevel"/>. NaN in an element gives
    /// NaN in that element. Source: T. Tieleman, G. Hinton, lecture 6.5, "RMSProp", COURSERA: Neural Networks for Machine Learning (2012);
    /// ε stands outside of the root, as in PyTorch.
    /// </remarks>
    /// <param name="gradient">g, in any order of storage.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="rho">ρ, the share of the past in the mean square, 0 to 1.</param>
    /// <param name="epsilon">ε, more than 0: an element without any gradient would be 0 / 0 without it.</param>
    /// <param name="decay">λ: the pull towards zero, 0 for none.</param>
    /// <param name="square">s, as many elements in the same order, 0 or more; apart from the others.</param>
    /// <param name="parameters">w, as many elements in the same order; apart from the others.</param>
    /// <param name="threads">The most threads to use, at least 1; the bits do not depend on it.</param>
    /// <exception cref="ArgumentException">The lengths differ, or two spans overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public static void RmsPropUpdate(
        ReadOnlySpan<float> gradient, float learningRate, float rho, float epsilon, float decay,
        Span<float> square, Span<float> parameters, int threads = 1) =>
        RmsPropUpdate(SimdSupport.Current, gradient, learningRate, rho, epsilon, decay, square, parameters, threads);

    internal static void RmsPropUpdate(
        SimdLevel level, ReadOnlySpan<float> gradient, float learningRate, float rho, float epsilon, float decay,
        Span<float> square, Span<float> parameters, int threads = 1)
    {
        Check.Update(gradient, square, parameters, threads);
        UpdateLoop<RmsPropRule>.Run(
            level, new RmsPropRule(learningRate, rho, epsilon, decay), gradient, square, default, parameters, threads);
    }
}

/// <summary>p = g + λ w, s ← ρ s + (1 − ρ) p², w ← w − η p / (√s + ε).</summary>
internal readonly struct RmsPropRule(float learningRate, float rho, float epsilon, float decay) : IUpdateRule
{
    private readonly float _fresh = (float)(1 - (double)rho);

    public static int States => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TSimd, TVector>(TVector gradient, TVector parameter, ref TVector first, ref TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector pull = TSimd.FusedMultiplyAdd(TSimd.Broadcast(decay), parameter, gradient);
        TVector square = TSimd.Multiply(TSimd.Multiply(TSimd.Broadcast(_fresh), pull), pull);
        first = TSimd.FusedMultiplyAdd(TSimd.Broadcast(rho), first, square);
        TVector scale = TSimd.Add(TSimd.SquareRoot(first), TSimd.Broadcast(epsilon));
        return TSimd.FusedMultiplyAdd(TSimd.Broadcast(-learningRate), TSimd.Divide(pull, scale), parameter);
    }
}
