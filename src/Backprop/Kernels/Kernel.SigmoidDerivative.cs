using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>The derivative of the logistic function from its value, σ'(z) = a (1 − a) with a = σ(z), element by element.</summary>
    /// <remarks>
    /// <para>Two roundings: error at most 2 ULP of the product of the stored a and 1 − a (1 ULP for a ≥ ½, where 1 − a is exact). The same
    /// bits at every <see cref="SimdLevel"/>. NaN gives NaN.</para>
    /// <para>Source: the article's relation σ' = σ (1 − σ).</para>
    /// </remarks>
    /// <param name="activations">The values a, in any order of storage.</param>
    /// <param name="destination">As many elements as <paramref name="activations"/>; may be the same span, but not overlap it in
    /// part.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length than <paramref name="activations"/> or
    /// overlaps it in part.</exception>
    public static void SigmoidDerivative(ReadOnlySpan<float> activations, Span<float> destination) =>
        SigmoidDerivative(SimdSupport.Current, activations, destination);

    internal static void SigmoidDerivative(SimdLevel level, ReadOnlySpan<float> activations, Span<float> destination)
    {
        Check.Length(destination.Length, activations.Length, nameof(destination));
        Check.SameOrApart(activations, destination, nameof(activations));
        Map<SigmoidDerivativeOperator>.Run(level, activations, destination);
    }
}

/// <summary>x (1 − x).</summary>
internal readonly struct SigmoidDerivativeOperator : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(x, TSimd.Subtract(TSimd.Broadcast(1f), x));
}
