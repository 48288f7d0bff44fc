using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>The second factor of BP2, u ⊙ a (1 − a), element by element: what comes back from the next layer times σ'(z).</summary>
    /// <remarks>
    /// Three roundings, error at most 3 ULP of u a (1 − a). The same bits at every <see cref="SimdLevel"/>. NaN gives NaN.
    /// Source: the article's BP2, δ^l = (W^(l+1) δ^(l+1)) ⊙ σ'(z^l).
    /// </remarks>
    /// <param name="upstream">u = W^(l+1) δ^(l+1), in any order of storage.</param>
    /// <param name="activations">a = σ(z), as many elements in the same order.</param>
    /// <param name="destination">As many elements; may be either input itself, but not overlap one in part.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a partial overlap.</exception>
    public static void MultiplySigmoidDerivative(ReadOnlySpan<float> upstream, ReadOnlySpan<float> activations, Span<float> destination) =>
        MultiplySigmoidDerivative(SimdSupport.Current, upstream, activations, destination);

    internal static void MultiplySigmoidDerivative(
        SimdLevel level, ReadOnlySpan<float> upstream, ReadOnlySpan<float> activations, Span<float> destination)
    {
        Check.Length(activations.Length, upstream.Length, nameof(activations));
        Check.Length(destination.Length, upstream.Length, nameof(destination));
        Check.SameOrApart(upstream, destination, nameof(upstream));
        Check.SameOrApart(activations, destination, nameof(activations));
        RowMap<MultiplySigmoidDerivativeFunction>.Run(level, upstream, activations, destination);
    }
}

/// <summary>The function of <see cref="MultiplySigmoidDerivativeOperator{TSimd, TVector}"/>.</summary>
internal readonly unsafe struct MultiplySigmoidDerivativeFunction : IBinaryFunction
{
    public static ReadOnlySpan<float> Constants => SigmoidDerivativeFunction.Constants;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TSimd, TVector>(
        float* constants, float* x, float* y, nint yStride, float* destination, nint stride, int rows, int columns)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        RowMap.Run<TSimd, TVector, MultiplySigmoidDerivativeOperator<TSimd, TVector>, MultiplySigmoidDerivativeOperator<Scalar, float>>(
            constants, x, y, yStride, destination, stride, rows, columns);
}

/// <summary>x · (y (1 − y)).</summary>
internal readonly unsafe struct MultiplySigmoidDerivativeOperator<TSimd, TVector>
    : IBinaryOperator<MultiplySigmoidDerivativeOperator<TSimd, TVector>, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private readonly SigmoidDerivativeOperator<TSimd, TVector> _derivative;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private MultiplySigmoidDerivativeOperator(float* constants) =>
        _derivative = SigmoidDerivativeOperator<TSimd, TVector>.Create(constants);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static MultiplySigmoidDerivativeOperator<TSimd, TVector> Create(float* constants) => new(constants);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke(TVector x, TVector y) => TSimd.Multiply(x, _derivative.Invoke(y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (TVector First, TVector Second) Invoke(TVector x0, TVector y0, TVector x1, TVector y1) => (Invoke(x0, y0), Invoke(x1, y1));
}
