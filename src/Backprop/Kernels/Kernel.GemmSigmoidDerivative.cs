using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>BP2: C ← (A Bᵀ) ⊙ s (1 − s), A m × k, B n × k, C and the activations s m × n, all row-major; the bits are those of
    /// <see cref="Gemm(Transpose, Transpose, int, int, int, float, ReadOnlySpan{float}, int, ReadOnlySpan{float}, int, float, Span{float}, int,
    /// int)"/> and <see cref="MultiplySigmoidDerivative(ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float})"/>, one after the
    /// other.</summary>
    internal static unsafe void GemmSigmoidDerivative(
        int m, int n, int k,
        ReadOnlySpan<float> a, int lda,
        ReadOnlySpan<float> b, int ldb,
        ReadOnlySpan<float> activations, int stride,
        Span<float> c, int ldc,
        int threads)
    {
        Check.Strided(activations.Length, m, n, stride, nameof(activations), nameof(stride));
        Check.Apart(activations, c, nameof(activations));
        fixed (float* first = activations)
        {
            Gemm(
                SimdSupport.Current, Transpose.No, Transpose.Yes, m, n, k, 1, a, lda, b, ldb, 0, c, ldc, threads,
                GemmEpilogue.SigmoidDerivative(first, stride));
        }
    }
}
