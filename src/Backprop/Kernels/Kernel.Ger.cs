using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>The rank-one update A ← A + alpha x yᵀ: a_ij ← fma(alpha · x_i, y_j, a_ij).</summary>
    /// <remarks>
    /// Two roundings an element: error at most 2⁻²³ (|alpha x_i y_j| + |a_ij|) where nothing over- or underflows. The same bits at every
    /// <see cref="SimdLevel"/>. alpha = 0
    /// leaves A as it is and reads nothing; otherwise NaN and infinities follow the formula. Source: BLAS <c>ger</c>; the article's BP4 for
    /// one example, ∂C/∂W^l = a^(l−1) (δ^l)ᵀ.
    /// </remarks>
    /// <param name="m">The rows of A, 0 or more.</param>
    /// <param name="n">The columns of A, 0 or more.</param>
    /// <param name="alpha">The factor.</param>
    /// <param name="x">m elements.</param>
    /// <param name="y">n elements.</param>
    /// <param name="a">A, m × n, row-major; apart from x and y. Elements between the rows are not touched.</param>
    /// <param name="lda">The stride between the rows of A in elements, n or more.</param>
    /// <exception cref="ArgumentException">A length does not fit, or A overlaps x or y.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, or lda is below n.</exception>
    public static void Ger(int m, int n, float alpha, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> a, int lda) =>
        Ger(SimdSupport.Current, m, n, alpha, x, y, a, lda);

    internal static unsafe void Ger(
        SimdLevel level, int m, int n, float alpha, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> a, int lda)
    {
        Check.NotNegative(m);
        Check.NotNegative(n);
        Check.Length(x.Length, m, nameof(x));
        Check.Length(y.Length, n, nameof(y));
        Check.Strided(a.Length, m, n, lda, nameof(a), nameof(lda));
        Check.Apart(x, a, nameof(x));
        Check.Apart(y, a, nameof(y));
        if (alpha == 0f) return;
        fixed (float* left = x, right = y, matrix = a)
        {
            var call = new GerCall(m, n, alpha, left, right, matrix, lda);
            SimdDispatch.Run(level, call);
        }
    }

    private readonly unsafe struct GerCall(int m, int n, float alpha, float* x, float* y, float* a, int lda) : ISimdCall
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => GerRows.Run<TSimd, TVector>(m, n, alpha, x, y, a, lda);
    }
}
