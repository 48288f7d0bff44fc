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
        Map<SigmoidDerivativeFunction>.Run(level, activations, destination);
    }
}

/// <summary>The function of <see cref="SigmoidDerivativeOperator{TSimd, TVector}"/>.</summary>
internal readonly unsafe struct SigmoidDerivativeFunction : IUnaryFunction
{
    public static ReadOnlySpan<float> Constants => [1f];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TSimd, TVector>(float* constants, float* x, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        Map.Run<TSimd, TVector, SigmoidDerivativeOperator<TSimd, TVector>, SigmoidDerivativeOperator<Scalar, float>>(constants, x, destination, count);
}

/// <summary>x (1 − x).</summary>
internal readonly unsafe struct SigmoidDerivativeOperator<TSimd, TVector>
    : IUnaryOperator<SigmoidDerivativeOperator<TSimd, TVector>, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private readonly TVector _one;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SigmoidDerivativeOperator(float* constants) => _one = TSimd.Broadcast(constants[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SigmoidDerivativeOperator<TSimd, TVector> Create(float* constants) => new(constants);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke(TVector x) => TSimd.Multiply(x, TSimd.Subtract(_one, x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (TVector First, TVector Second) Invoke(TVector x, TVector y) => (Invoke(x), Invoke(y));
}
