using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>The cross-entropy cost of probabilities against targets, the mean over the rows of C_x = −Σ_j y_j ln a_j.</summary>
    /// <remarks>
    /// <para>Terms with y_j = 0 are 0, whatever a_j is. Error of a row at most (n/16 + 7) 2⁻²⁴ Σ y_j |ln a_j|, n the number of columns;
    /// rows are added in double, in ascending order, and the mean is rounded once. The same bits at every <see cref="SimdLevel"/>.</para>
    /// <para>a_j = 0 with y_j &gt; 0 gives +∞; NaN in a with y_j ≠ 0 gives NaN. From logits <see cref="CrossEntropyFromLogits(
    /// ReadOnlySpan{float}, ReadOnlySpan{float}, int, int)"/> stays finite where this overflows. Source: the article's cost.</para>
    /// </remarks>
    /// <param name="activations">rows × columns probabilities, row-major.</param>
    /// <param name="targets">rows × columns: one-hot rows or soft targets, each row summing to 1 within 10⁻⁴.</param>
    /// <param name="rows">The number of rows, 0 or more; 0 rows cost 0.</param>
    /// <param name="columns">The number of classes, 1 or more.</param>
    /// <returns>The mean cost in nats.</returns>
    /// <exception cref="ArgumentException">A length is not rows × columns, or a row of targets has NaN or a negative number or does not sum
    /// to 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">rows is negative or columns is below 1.</exception>
    public static float CrossEntropy(ReadOnlySpan<float> activations, ReadOnlySpan<float> targets, int rows, int columns) =>
        CrossEntropy(SimdSupport.Current, activations, targets, rows, columns);

    /// <summary>The cross-entropy cost of probabilities against class indices, the mean over the rows of C_x = −ln a_hot.</summary>
    /// <remarks>The same bits as with the one-hot rows of those classes; error of a row below 1 ULP of ln a_hot. See there for the
    /// rest.</remarks>
    /// <param name="activations">rows × columns probabilities, row-major.</param>
    /// <param name="classes">One class index a row, 0 … columns − 1.</param>
    /// <param name="rows">The number of rows, 0 or more; 0 rows cost 0.</param>
    /// <param name="columns">The number of classes, 1 or more.</param>
    /// <returns>The mean cost in nats.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or a class is out of range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">rows is negative or columns is below 1.</exception>
    public static float CrossEntropy(ReadOnlySpan<float> activations, ReadOnlySpan<int> classes, int rows, int columns)
    {
        CheckCost(activations, rows, columns, nameof(activations));
        Check.Classes(classes, rows, columns);
        double total = 0;
        for (int row = 0; row < rows; row++) total -= LogOfOne(activations[row * columns + classes[row]]);
        return Mean(total, rows);
    }

    internal static unsafe float CrossEntropy(
        SimdLevel level, ReadOnlySpan<float> activations, ReadOnlySpan<float> targets, int rows, int columns)
    {
        CheckCost(activations, rows, columns, nameof(activations));
        Check.Targets(targets, rows, columns);
        double total = 0;
        fixed (float* constants = LogConstants.All, a = activations, y = targets)
        {
            var call = new CrossEntropyCall(constants, a, y, rows, columns, &total);
            SimdDispatch.Run(level, call);
        }
        return Mean(total, rows);
    }

    internal static float CrossEntropy(SimdLevel _, ReadOnlySpan<float> activations, ReadOnlySpan<int> classes, int rows, int columns) =>
        CrossEntropy(activations, classes, rows, columns);

    private static void CheckCost(ReadOnlySpan<float> operand, int rows, int columns, string name)
    {
        Check.NotNegative(rows);
        Check.Positive(columns);
        Check.Matrix(operand.Length, rows, columns, name);
    }

    /// <summary>The natural logarithm of one number, the same bits as <see cref="Log(ReadOnlySpan{float}, Span{float})"/>.</summary>
    private static unsafe float LogOfOne(float x)
    {
        fixed (float* constants = LogConstants.All) return LogOperator<Scalar, float>.Create(constants).Invoke(x);
    }

    private static float Mean(double total, int rows) => rows == 0 ? 0f : (float)(total / rows);

    private readonly unsafe struct CrossEntropyCall(
        float* constants, float* activations, float* targets, int rows, int columns, double* total) : ISimdCall
    {
        /// <summary>8 KB: the logarithms stay in the L1 cache.</summary>
        private const int ScratchLength = 2048;

        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => *total = Core<TSimd, TVector>(constants, activations, targets, rows, columns);

        /// <summary>The logarithms of as many rows as fit go to a scratch buffer in one sweep: row by row, the logarithm's constants would be
        /// read again for each, and the last vector of a row would be part empty. 128 × 10 took 3.1 µs that way and takes 1.2 µs (.NET 10.0.12,
        /// Linux, one core of an AMD EPYC of family 26).</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static double Core<TSimd, TVector>(float* constants, float* a, float* y, int rows, int columns)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            int together = Math.Max(1, ScratchLength / columns);
            float* logarithms = ScratchBuffer.Get(together * columns);
            double total = 0;
            for (int first = 0; first < rows; first += together)
            {
                int count = Math.Min(together, rows - first);
                nint start = (nint)first * columns;
                LogFunction.Apply<TSimd, TVector>(constants, a + start, logarithms, count * columns);
                for (nint row = 0; row < (nint)count * columns; row += columns)
                    total -= LaneSum.Run<TSimd, TVector, WeightedTerm<TSimd, TVector>>(new(logarithms + row, y + start + row), columns);
            }
            return total;
        }
    }
}

/// <summary>y_j l_j, and 0 where y_j = 0.</summary>
internal readonly unsafe struct WeightedTerm<TSimd, TVector>(float* logarithms, float* targets) : ILaneTerm<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Add(TVector sum, int j) => Add(sum, TSimd.Load(logarithms + j), TSimd.Load(targets + j));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector AddMasked(TVector sum, int j, TVector mask) =>
        Add(sum, TSimd.LoadMasked(logarithms + j, mask), TSimd.LoadMasked(targets + j, mask));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add(TVector sum, TVector logarithm, TVector y)
    {
        TVector term = TSimd.Multiply(y, logarithm);
        return TSimd.Add(sum, TSimd.Select(TSimd.Equal(y, TSimd.Zero), TSimd.Zero, term));
    }
}
