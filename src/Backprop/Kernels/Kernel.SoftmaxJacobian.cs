using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>The Jacobian of the softmax of one example from its value: ∂a_i/∂z_i = a_i (1 − a_i), ∂a_j/∂z_i = −a_j a_i.</summary>
    /// <remarks>
    /// Symmetric. Off the diagonal one rounding, on it two. The same bits on every processor. NaN in a_i gives NaN in row and column i.
    /// Source: the article's two softmax relations. Where only J v is wanted, <see cref="SoftmaxJacobianProduct(ReadOnlySpan{float},
    /// ReadOnlySpan{float}, int, int, Span{float})"/> does it without the matrix.
    /// </remarks>
    /// <param name="activations">a = softmax(z), n elements.</param>
    /// <param name="destination">n × n, row-major: element [i, j] is ∂a_j/∂z_i. Must be apart from <paramref name="activations"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="activations"/> is empty, the destination is not n × n, or they
    /// overlap.</exception>
    public static void SoftmaxJacobian(ReadOnlySpan<float> activations, Span<float> destination) =>
        SoftmaxJacobian(SimdSupport.Current, activations, destination);

    internal static unsafe void SoftmaxJacobian(SimdLevel level, ReadOnlySpan<float> activations, Span<float> destination)
    {
        int n = activations.Length;
        Check.NotEmpty(n, nameof(activations));
        Check.Matrix(destination.Length, n, n, nameof(destination));
        Check.Apart(activations, destination, nameof(activations));
        fixed (float* a = activations, target = destination)
        {
            var call = new SoftmaxJacobianCall(a, n, target);
            SimdDispatch.Run(level, call);
        }
    }

    private readonly unsafe struct SoftmaxJacobianCall(float* a, int n, float* destination) : ISimdCall
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            for (int i = 0; i < n; i++)
            {
                float* row = destination + (nint)i * n;
                ScaledCopy.Run<TSimd, TVector>(a, n, 1, n, -a[i], row, n);
                row[i] = a[i] * (1f - a[i]);
            }
        }
    }
}
