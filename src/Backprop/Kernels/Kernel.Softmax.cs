using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>The output layer's activation, a_rj = exp(z_rj − max_r) / Σ_k exp(z_rk − max_r), row by row.</summary>
    /// <remarks>
    /// <para>Error of an element at most (6 + |z − max| + n/32) ε of it, plus 2⁻¹⁴⁸ where it is subnormal; its row sums to 1 within (4 +
    /// n/32) ε, n the number of
    /// columns and ε = 2⁻²³. Adding the same number to a row changes no bit where the sums are exact. The same bits at every
    /// <see cref="SimdLevel"/>; a row's result does not depend on the rows around it.</para>
    /// <para>Logits of any finite size are right, −∞ (a masked class) gives 0. A row that holds NaN or +∞, or only −∞, is NaN
    /// throughout; other rows are not touched by it. Source: the article's softmax, with the maximum subtracted.</para>
    /// </remarks>
    /// <param name="z">rows × columns weighted inputs (logits), row-major.</param>
    /// <param name="rows">The number of rows, 0 or more.</param>
    /// <param name="columns">The number of classes, 1 or more.</param>
    /// <param name="destination">rows × columns; may be <paramref name="z"/> itself, but not overlap it in part.</param>
    /// <exception cref="ArgumentException">A length is not rows × columns, or a partial overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">rows is negative or columns is below 1.</exception>
    public static void Softmax(ReadOnlySpan<float> z, int rows, int columns, Span<float> destination) =>
        Softmax(SimdSupport.Current, z, rows, columns, destination);

    internal static unsafe void Softmax(SimdLevel level, ReadOnlySpan<float> z, int rows, int columns, Span<float> destination)
    {
        CheckRows(z, rows, columns, destination);
        fixed (float* constants = ExpConstants.All, source = z, target = destination)
        {
            var call = new SoftmaxCall(constants, source, rows, columns, target);
            SimdDispatch.Run(level, call);
        }
    }

    /// <summary>The checks of an operation that turns rows of logits into rows of the same shape.</summary>
    private static void CheckRows(ReadOnlySpan<float> z, int rows, int columns, Span<float> destination)
    {
        Check.NotNegative(rows);
        Check.Positive(columns);
        Check.Matrix(z.Length, rows, columns, nameof(z));
        Check.Matrix(destination.Length, rows, columns, nameof(destination));
        Check.SameOrApart(z, destination, nameof(z));
    }

    private readonly unsafe struct SoftmaxCall(float* constants, float* z, int rows, int columns, float* destination) : ISimdCall
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            if (columns < SoftmaxPipeline.LeastColumns || rows < 2) Core<TSimd, TVector>(constants, z, rows, columns, destination);
            else Pipeline<TSimd, TVector>(constants, z, rows, columns, destination);
        }

        private static void Pipeline<TSimd, TVector>(float* constants, float* z, int rows, int columns, float* destination)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint stride = columns;
            float sum, max;
            SoftmaxBlock.Max<TSimd, TVector>(z, 1, columns, &max);
            SoftmaxBlock.Exponentials<TSimd, TVector>(constants, z, 1, columns, &max, destination, stride, &sum);
            SoftmaxBlock.Max<TSimd, TVector>(z + stride, 1, columns, &max);
            var turn = new SoftmaxPipeline { Max = max };
            for (int row = 1; row < rows; row++)
            {
                turn.Z = z + row * stride;
                turn.E = destination + row * stride;
                turn.Next = row < rows - 1 ? turn.Z + stride : turn.Z;
                turn.Previous = turn.E - stride;
                turn.Reciprocal = 1f / sum;
                sum = SoftmaxPipeline.Run<TSimd, TVector>(constants, &turn, columns);
            }
            SoftmaxBlock.Normalize<TSimd, TVector>(
                destination + (rows - 1) * stride, stride, 1, columns, &sum, destination + (rows - 1) * stride);
        }

        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Core<TSimd, TVector>(float* constants, float* z, int rows, int columns, float* destination)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            float* max = stackalloc float[SoftmaxBlock.MaxRows];
            float* sum = stackalloc float[SoftmaxBlock.MaxRows];
            float* unaligned = stackalloc float[SoftmaxBlock.ScratchLength];
            float* scratch = SoftmaxBlock.Align(unaligned);
            nint stride = columns;
            int block = SoftmaxBlock.Rows(columns);
            // short rows in place would have each masked load wait for the masked store before it, which reaches into its row
            bool isShort = columns <= TSimd.Width;
            nint eStride = isShort ? TSimd.Width : stride;
            for (; rows > 0; rows -= block, z += block * stride, destination += block * stride)
            {
                int count = Math.Min(block, rows);
                float* e = isShort ? scratch : destination;
                SoftmaxBlock.Max<TSimd, TVector>(z, count, columns, max);
                SoftmaxBlock.Exponentials<TSimd, TVector>(constants, z, count, columns, max, e, eStride, sum);
                SoftmaxBlock.Normalize<TSimd, TVector>(e, eStride, count, columns, sum, destination);
            }
        }
    }
}
