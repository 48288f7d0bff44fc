using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>The logarithm of the softmax, (z_rj − max_r) − ln Σ_k exp(z_rk − max_r), row by row.</summary>
    /// <remarks>
    /// Error at most (2 + n/32) ε (1 + |z − max| + ln n), n the number of columns and ε = 2⁻²³: it stays accurate where
    /// the softmax itself underflows. The same bits at every <see cref="SimdLevel"/>. −∞ gives −∞; a row that holds NaN or +∞, or only
    /// −∞, is NaN throughout. Source: the logarithm of the article's softmax.
    /// </remarks>
    /// <param name="z">rows × columns weighted inputs (logits), row-major.</param>
    /// <param name="rows">The number of rows, 0 or more.</param>
    /// <param name="columns">The number of classes, 1 or more.</param>
    /// <param name="destination">rows × columns; may be <paramref name="z"/> itself, but not overlap it in part.</param>
    /// <exception cref="ArgumentException">A length is not rows × columns, or a partial overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">rows is negative or columns is below 1.</exception>
    public static void LogSoftmax(ReadOnlySpan<float> z, int rows, int columns, Span<float> destination) =>
        LogSoftmax(SimdSupport.Current, z, rows, columns, destination);

    internal static unsafe void LogSoftmax(SimdLevel level, ReadOnlySpan<float> z, int rows, int columns, Span<float> destination)
    {
        CheckRows(z, rows, columns, destination);
        fixed (float* expConstants = ExpConstants.All, logConstants = LogConstants.All, source = z, target = destination)
        {
            var call = new LogSoftmaxCall(expConstants, logConstants, source, rows, columns, target);
            SimdDispatch.Run(level, call);
        }
    }

    private readonly unsafe struct LogSoftmaxCall(
        float* expConstants, float* logConstants, float* z, int rows, int columns, float* destination) : ISimdCall
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => Core<TSimd, TVector>(expConstants, logConstants, z, rows, columns, destination);

        [SkipLocalsInit]
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Core<TSimd, TVector>(
            float* expConstants, float* logConstants, float* z, int rows, int columns, float* destination)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            float* unaligned = stackalloc float[SoftmaxBlock.ScratchLength];
            float* scratch = SoftmaxBlock.Align(unaligned);
            float* max = stackalloc float[SoftmaxBlock.MaxRows];
            float* sum = stackalloc float[SoftmaxBlock.MaxRows];
            for (int i = 0; i < SoftmaxBlock.MaxRows; i++) sum[i] = 1f;
            nint stride = columns;
            int block = SoftmaxBlock.Rows(columns);
            bool isShort = columns <= TSimd.Width;
            for (; rows > 0; rows -= block, z += block * stride, destination += block * stride)
            {
                int count = Math.Min(block, rows);
                SoftmaxBlock.Max<TSimd, TVector>(z, count, columns, max);
                SoftmaxBlock.Exponentials<TSimd, TVector>(expConstants, z, count, columns, max, isShort ? scratch : null, TSimd.Width, sum);
                SoftmaxBlock.Log<TSimd, TVector>(logConstants, sum, count);
                for (int r = 0; r < count; r++)
                    Shift<TSimd, TVector>(z + r * stride, columns, max[r], sum[r], destination + r * stride);
            }
        }

        /// <summary>(z_j − max) − logSum.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Shift<TSimd, TVector>(float* z, int columns, float max, float logSum, float* destination)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            TVector maxima = TSimd.Broadcast(max);
            TVector logSums = TSimd.Broadcast(logSum);
            int j = 0;
            for (; j <= columns - 2 * TSimd.Width; j += 2 * TSimd.Width)
            {
                ShiftVector<TSimd, TVector>(z + j, maxima, logSums, destination + j);
                ShiftVector<TSimd, TVector>(z + j + TSimd.Width, maxima, logSums, destination + j + TSimd.Width);
            }
            if (j <= columns - TSimd.Width)
            {
                ShiftVector<TSimd, TVector>(z + j, maxima, logSums, destination + j);
                j += TSimd.Width;
            }
            if (j < columns)
            {
                TVector mask = TSimd.FirstLanes(columns - j);
                TVector shifted = TSimd.Subtract(TSimd.Subtract(TSimd.LoadMasked(z + j, mask), maxima), logSums);
                TSimd.StoreMasked(destination + j, mask, shifted);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void ShiftVector<TSimd, TVector>(float* z, TVector maxima, TVector logSums, float* destination)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct =>
            TSimd.Store(destination, TSimd.Subtract(TSimd.Subtract(TSimd.Load(z), maxima), logSums));
    }
}
