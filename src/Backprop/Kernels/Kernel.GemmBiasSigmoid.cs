using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>A layer's activations: C ← σ(A B + 1 biasᵀ), A m × k, B k × n, C m × n, all row-major; the bits are those of
    /// <see cref="Gemm(Transpose, Transpose, int, int, int, float, ReadOnlySpan{float}, int, ReadOnlySpan{float}, int, float, Span{float}, int,
    /// int)"/> and <see cref="BiasSigmoid(ReadOnlySpan{float}, ReadOnlySpan{float}, int, int, Span{float})"/>, one after the other.</summary>
    internal static unsafe void GemmBiasSigmoid(
        int m, int n, int k,
        ReadOnlySpan<float> a, int lda,
        ReadOnlySpan<float> b, int ldb,
        ReadOnlySpan<float> bias,
        Span<float> c, int ldc,
        int threads)
    {
        Check.Length(bias.Length, n, nameof(bias));
        Check.Apart(bias, c, nameof(bias));
        fixed (float* first = bias)
        {
            Gemm(
                SimdSupport.Current, Transpose.No, Transpose.No, m, n, k, 1, a, lda, b, ldb, 0, c, ldc, threads,
                GemmEpilogue.BiasSigmoid(first));
        }
    }
}
