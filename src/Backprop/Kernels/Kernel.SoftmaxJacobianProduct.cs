using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>The softmax Jacobian times a vector, row by row and without the matrix: (J v)_rj = a_rj (v_rj − Σ_k a_rk v_rk).</summary>
    /// <remarks>
    /// Error at most (n/16 + 8) 2⁻²⁴ a_j (|v_j| + Σ a_k |v_k|), n the number of columns. The same bits at every <see cref="SimdLevel"/>.
    /// NaN in a row of a or v makes that row NaN. Source: the article's two softmax relations.
    /// </remarks>
    /// <param name="activations">rows × columns, each row a = softmax(z), row-major.</param>
    /// <param name="vector">rows × columns, a vector v for each row.</param>
    /// <param name="rows">The number of rows, 0 or more.</param>
    /// <param name="columns">The number of classes, 1 or more.</param>
    /// <param name="destination">rows × columns; may be either input itself, but not overlap one in part.</param>
    /// <exception cref="ArgumentException">A length is not rows × columns, or a partial overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">rows is negative or columns is below 1.</exception>
    public static void SoftmaxJacobianProduct(
        ReadOnlySpan<float> activations, ReadOnlySpan<float> vector, int rows, int columns, Span<float> destination) =>
        SoftmaxJacobianProduct(SimdSupport.Current, activations, vector, rows, columns, destination);

    internal static unsafe void SoftmaxJacobianProduct(
        SimdLevel level, ReadOnlySpan<float> activations, ReadOnlySpan<float> vector, int rows, int columns, Span<float> destination)
    {
        Check.NotNegative(rows);
        Check.Positive(columns);
        Check.Matrix(activations.Length, rows, columns, nameof(activations));
        Check.Matrix(vector.Length, rows, columns, nameof(vector));
        Check.Matrix(destination.Length, rows, columns, nameof(destination));
        Check.SameOrApart(activations, destination, nameof(activations));
        Check.SameOrApart(vector, destination, nameof(vector));
        fixed (float* a = activations, v = vector, target = destination)
        {
            var call = new SoftmaxJacobianProductCall(a, v, rows, columns, target);
            SimdDispatch.Run(level, call);
        }
    }

    private readonly unsafe struct SoftmaxJacobianProductCall(float* a, float* v, int rows, int columns, float* destination) : ISimdCall
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => Core<TSimd, TVector>(a, v, rows, columns, destination);

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Core<TSimd, TVector>(float* a, float* v, int rows, int columns, float* destination)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            for (int row = 0; row < rows; row++, a += columns, v += columns, destination += columns)
            {
                TVector mean = TSimd.Broadcast(LaneSum.Run<TSimd, TVector, ProductTerm<TSimd, TVector>>(new(a, v), columns));
                int j = 0;
                // a short row goes past all of it by one branch
                if (columns >= TSimd.Width)
                {
                    for (; j <= columns - 2 * TSimd.Width; j += 2 * TSimd.Width)
                    {
                        Center<TSimd, TVector>(a + j, v + j, mean, destination + j);
                        Center<TSimd, TVector>(a + j + TSimd.Width, v + j + TSimd.Width, mean, destination + j + TSimd.Width);
                    }
                    if (j <= columns - TSimd.Width)
                    {
                        Center<TSimd, TVector>(a + j, v + j, mean, destination + j);
                        j += TSimd.Width;
                    }
                }
                if (j < columns)
                {
                    TVector mask = TSimd.FirstLanes(columns - j);
                    TVector last = TSimd.Multiply(TSimd.LoadMasked(a + j, mask), TSimd.Subtract(TSimd.LoadMasked(v + j, mask), mean));
                    TSimd.StoreMasked(destination + j, mask, last);
                }
            }
        }

        /// <summary>a_j (v_j − mean), one vector.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Center<TSimd, TVector>(float* a, float* v, TVector mean, float* destination)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct =>
            TSimd.Store(destination, TSimd.Multiply(TSimd.Load(a), TSimd.Subtract(TSimd.Load(v), mean)));
    }
}
