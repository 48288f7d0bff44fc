using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>The matrix-vector product y ← alpha op(A) x + beta y, A m × n and row-major; op(A) is A or Aᵀ.</summary>
    /// <remarks>
    /// <para>A x: each y_i is a sum over 16 lanes, lane l taking the a_ij x_j with j ≡ l (mod 16) as one chain of fused multiply-adds in
    /// ascending j, and one tree over the lanes; then fma(alpha, sum, beta y_i), or alpha · sum where beta is 0.
    /// Aᵀ x: each y_j is one chain of fused multiply-adds in ascending i from beta y_j (0 where beta is 0), fma(alpha · x_i, a_ij, ·),
    /// as in <see cref="Gemm(Transpose, Transpose, int, int, int, float, ReadOnlySpan{float}, int, ReadOnlySpan{float}, int, float,
    /// Span{float}, int, int)"/>
    /// with op(A) = xᵀ.</para>
    /// <para>|y − y_ref| ≤ (k + 2) 2⁻²⁴ (|alpha| Σ|a||x| + |beta y|), k the number of terms (n/16 + 6 suffice for A x), as long as nothing
    /// over- or
    /// underflows. The same bits at every
    /// <see cref="SimdLevel"/>. beta = 0 never reads y, alpha = 0 never reads A and x; NaN and infinities follow the formula. Source: BLAS
    /// <c>gemv</c>; the article's
    /// z^l = (W^l)ᵀ a^(l−1) + b^l and BP2 for one example.</para>
    /// </remarks>
    /// <param name="transpose">Whether A enters transposed.</param>
    /// <param name="m">The rows of A as stored, 0 or more.</param>
    /// <param name="n">The columns of A as stored, 0 or more.</param>
    /// <param name="alpha">The factor of the product.</param>
    /// <param name="a">A, m × n.</param>
    /// <param name="lda">The stride between the rows of A in elements, n or more.</param>
    /// <param name="x">n elements, or m for Aᵀ x.</param>
    /// <param name="beta">The factor of y.</param>
    /// <param name="y">m elements, or n for Aᵀ x; apart from A and x.</param>
    /// <exception cref="ArgumentException">A length does not fit, or y overlaps A or x.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, lda is below n, or transpose is neither No nor Yes.</exception>
    public static void Gemv(
        Transpose transpose, int m, int n, float alpha, ReadOnlySpan<float> a, int lda, ReadOnlySpan<float> x, float beta, Span<float> y) =>
        Gemv(SimdSupport.Current, transpose, m, n, alpha, a, lda, x, beta, y);

    internal static unsafe void Gemv(
        SimdLevel level,
        Transpose transpose,
        int m,
        int n,
        float alpha,
        ReadOnlySpan<float> a,
        int lda,
        ReadOnlySpan<float> x,
        float beta,
        Span<float> y)
    {
        bool isTransposed = Check.IsTransposed(transpose);
        Check.NotNegative(m);
        Check.NotNegative(n);
        Check.Strided(a.Length, m, n, lda, nameof(a), nameof(lda));
        Check.Length(x.Length, isTransposed ? m : n, nameof(x));
        Check.Length(y.Length, isTransposed ? n : m, nameof(y));
        Check.Apart(a, y, nameof(a));
        Check.Apart(x, y, nameof(x));
        if (alpha == 0f) (m, n) = isTransposed ? (0, n) : (m, 0);
        fixed (float* matrix = a, vector = x, target = y)
        {
            var call = new GemvCall(isTransposed, m, n, alpha, matrix, lda, vector, beta, target);
            SimdDispatch.Run(level, call);
        }
    }

    private readonly unsafe struct GemvCall(
        bool isTransposed, int m, int n, float alpha, float* a, nint lda, float* x, float beta, float* y) : ISimdCall
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            if (isTransposed) Columns.Run<TSimd, TVector>(m, n, alpha, x, 1, a, lda, beta, y);
            else if (n > 0) Dots.Run<TSimd, TVector>(1, m, n, alpha, x, 0, a, lda, beta, y, 0, 1);
            else Columns.Scale<TSimd, TVector>(m, beta, y);
        }
    }
}
