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
        RowMap<BiasSigmoidOperator>.Run(level, z, bias, 0, rows, columns, destination);
    }
}

/// <summary>σ(x + y).</summary>
internal readonly struct BiasSigmoidOperator : IBinaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke<TSimd, TVector>(TVector x, TVector y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => SigmoidOperator.Invoke<TSimd, TVector>(TSimd.Add(x, y));
}
