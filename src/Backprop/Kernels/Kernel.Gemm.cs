using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>The matrix product C ← alpha op(A) op(B) + beta C, op(A) m × k, op(B) k × n, C m × n, all row-major.</summary>
    /// <remarks>
    /// <para>Each element is one chain of fused multiply-adds in ascending p: it starts with beta · c_ij (0, without reading C, where beta
    /// is 0) and goes on with fma(alpha · a_ip, b_pj, ·), alpha · a_ip rounded. So |C − C_ref| ≤ (k + 2) 2⁻²⁴ (|alpha| Σ|a||b| + |beta c|)
    /// where nothing over- or underflows,
    /// and the bits depend on nothing but the operands: not on the <see cref="SimdLevel"/>, the threads, the other rows and columns.
    /// The one exception, fixed by sizes alone: an element is computed as by <see cref="Gemv(Transpose, int, int, float,
    /// ReadOnlySpan{float}, int, ReadOnlySpan{float}, float, Span{float})"/> where op(A) = A, op(B) = Bᵀ, and few rows of the one meet the
    /// other's: m ≤ 4, or m ≤ 32 and k ≥ 8 m, or n ≤ 8 and k ≥ 16 n.</para>
    /// <para>NaN and infinities follow the formula; alpha = 0 or k = 0 does not read A and B. A thread that makes large products keeps a
    /// buffer for packed blocks, at most 5.5 MB. The other threads belong to the library, look for work for 50 µs and then sleep;
    /// while another caller is using them, the calling thread computes all of C itself. Source: BLAS <c>gemm</c>; the article's z, BP2 and
    /// BP4 over a batch.</para>
    /// </remarks>
    /// <param name="transposeA">Whether A is stored transposed, k × m.</param>
    /// <param name="transposeB">Whether B is stored transposed, n × k.</param>
    /// <param name="m">The rows of C, 0 or more.</param>
    /// <param name="n">The columns of C, 0 or more.</param>
    /// <param name="k">The reduced size, 0 or more.</param>
    /// <param name="alpha">The factor of the product.</param>
    /// <param name="a">A, m × k, or k × m where transposed.</param>
    /// <param name="lda">The stride between the stored rows of A in elements, at least their length.</param>
    /// <param name="b">B, k × n, or n × k where transposed.</param>
    /// <param name="ldb">The stride between the stored rows of B in elements, at least their length.</param>
    /// <param name="beta">The factor of C.</param>
    /// <param name="c">C, m × n; apart from A and B. Elements between the rows are not touched.</param>
    /// <param name="ldc">The stride between the rows of C in elements, n or more.</param>
    /// <param name="threads">The most threads to use, the calling one included, 1 or more; no more are used than the work is worth.</param>
    /// <exception cref="ArgumentException">A span is too short, or C overlaps A or B.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative, a stride too small, threads below 1, or a transposition neither No
    /// nor Yes.</exception>
    public static void Gemm(
        Transpose transposeA,
        Transpose transposeB,
        int m,
        int n,
        int k,
        float alpha,
        ReadOnlySpan<float> a,
        int lda,
        ReadOnlySpan<float> b,
        int ldb,
        float beta,
        Span<float> c,
        int ldc,
        int threads = 1) => Gemm(SimdSupport.Current, transposeA, transposeB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, threads);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe void Gemm(
        SimdLevel level,
        Transpose transposeA,
        Transpose transposeB,
        int m,
        int n,
        int k,
        float alpha,
        ReadOnlySpan<float> a,
        int lda,
        ReadOnlySpan<float> b,
        int ldb,
        float beta,
        Span<float> c,
        int ldc,
        int threads = 1,
        GemmEpilogue epilogue = default)
    {
        bool isTransposedA = Check.IsTransposed(transposeA);
        bool isTransposedB = Check.IsTransposed(transposeB);
        Check.NotNegative(m);
        Check.NotNegative(n);
        Check.NotNegative(k);
        Check.Positive(threads);
        Check.Strided(a.Length, isTransposedA ? k : m, isTransposedA ? m : k, lda, nameof(a), nameof(lda));
        Check.Strided(b.Length, isTransposedB ? n : k, isTransposedB ? k : n, ldb, nameof(b), nameof(ldb));
        Check.Strided(c.Length, m, n, ldc, nameof(c), nameof(ldc));
        Check.Apart(a, c, nameof(a));
        Check.Apart(b, c, nameof(b));
        if (m == 0 || n == 0) return;
        if (alpha == 0f) k = 0;
        fixed (float* left = a, right = b, target = c)
        {
            var call = new GemmArguments
            {
                // set in place: a copy right after its fields were written would wait for them
                Shape =
                {
                    M = m,
                    N = n,
                    K = k,
                    IsColumnMajorA = isTransposedA,
                    StrideOfA = lda,
                    // one element to a stored row is one to a column just as well
                    IsTransposedB = isTransposedB && ldb > 1,
                    StrideOfB = ldb,
                    StrideOfC = ldc,
                    IsScaled = alpha != 1f,
                    ReadsC = beta != 0f,
                    IsDots = isTransposedB && !isTransposedA && DotRule.Applies(m, n, k),
                },
                Alpha = alpha,
                Beta = beta,
                OriginOfA = left,
                OriginOfB = right,
                C = target,
                Threads = threads,
                Epilogue = epilogue,
            };
            if (FirstProducts.Include(call)) FirstProducts.Run(call);
            else SimdDispatch.Run(level, ref call);
        }
    }
}
