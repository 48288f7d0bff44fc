using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>The activation of a hidden layer, a_rj = σ(z_rj + b_j), row by row.</summary>
    /// <remarks>
    /// The sum is rounded once and goes through <see cref="Sigmoid(ReadOnlySpan{float}, Span{float})"/>: error below 2 ULP of σ at the
    /// rounded sum. The same bits at every <see cref="SimdLevel"/>. NaN in z or b gives NaN in the elements it reaches.
    /// Source: the article's a^l = σ(z^l) with z^l = (W^l)ᵀ a^(l−1) + b^l.
    /// </remarks>
    /// <param name="z">rows × columns weighted inputs without their bias, row-major.</param>
    /// <param name="bias">One bias a column.</param>
    /// <param name="rows">The number of rows, 0 or more.</param>
    /// <param name="columns">The number of columns, 0 or more.</param>
    /// <param name="destination">rows × columns; may be <paramref name="z"/> itself, must be apart from <paramref name="bias"/>.</param>
    /// <exception cref="ArgumentException">A length is not what rows and columns ask for, or a forbidden overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static void BiasSigmoid(ReadOnlySpan<float> z, ReadOnlySpan<float> bias, int rows, int columns, Span<float> destination) =>
        BiasSigmoid(SimdSupport.Current, z, bias, rows, columns, destination);

    internal static void BiasSigmoid(
        SimdLevel level, ReadOnlySpan<float> z, ReadOnlySpan<float> bias, int rows, int columns, Span<float> destination)
    {
        Check.NotNegative(rows);
        Check.NotNegative(columns);
        Check.Matrix(z.Length, rows, columns, nameof(z));
        Check.Length(bias.Length, columns, nameof(bias));
        Check.Matrix(destination.Length, rows, columns, nameof(destination));
        Check.SameOrApart(z, destination, nameof(z));
        Check.Apart(bias, destination, nameof(bias));
        RowMap<BiasSigmoidFunction>.Run(level, z, bias, 0, rows, columns, destination);
    }
}

/// <summary>The function of <see cref="BiasSigmoidOperator{TSimd, TVector}"/>.</summary>
internal readonly unsafe struct BiasSigmoidFunction : IBinaryFunction
{
    public static ReadOnlySpan<float> Constants => ExpConstants.All;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TSimd, TVector>(
        float* constants, float* x, float* y, nint yStride, float* destination, nint stride, int rows, int columns)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        RowMap.Run<TSimd, TVector, BiasSigmoidOperator<TSimd, TVector>, BiasSigmoidOperator<Scalar, float>>(
            constants, x, y, yStride, destination, stride, rows, columns);
}

/// <summary>σ(x + y).</summary>
internal readonly unsafe struct BiasSigmoidOperator<TSimd, TVector> : IBinaryOperator<BiasSigmoidOperator<TSimd, TVector>, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private readonly SigmoidOperator<TSimd, TVector> _sigmoid;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BiasSigmoidOperator(float* constants) => _sigmoid = SigmoidOperator<TSimd, TVector>.Create(constants);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BiasSigmoidOperator<TSimd, TVector> Create(float* constants) => new(constants);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke(TVector x, TVector y) => _sigmoid.Invoke(TSimd.Add(x, y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (TVector First, TVector Second) Invoke(TVector x0, TVector y0, TVector x1, TVector y1) =>
        _sigmoid.Invoke(TSimd.Add(x0, y0), TSimd.Add(x1, y1));
}
