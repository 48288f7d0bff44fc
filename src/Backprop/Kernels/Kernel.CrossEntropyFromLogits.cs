using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>
    /// The cross-entropy cost of logits against targets, the mean over the rows of C_x = ln Σ_j exp(z_j − max) · Σ y_j + Σ_j y_j (max −
    /// z_j).
    /// </summary>
    /// <remarks>
    /// <para>Finite for all logits up to 10³⁸ in magnitude; error of a row at most (2 + n/32) ε of Σ y_j (max − z_j) + ln n, n the number
    /// of
    /// columns and ε = 2⁻²³. Terms with y_j = 0 are 0, so that −∞ may mask a class no target names; −∞ under a target costs +∞.
    /// Rows are added in double, in ascending order, and the mean is rounded once. The same bits at every <see cref="SimdLevel"/>.</para>
    /// <para>A row that holds NaN or +∞, or only −∞, costs NaN. Source: the article's cost of its softmax, by log-sum-exp.</para>
    /// </remarks>
    /// <param name="z">rows × columns weighted inputs (logits), row-major.</param>
    /// <param name="targets">rows × columns: one-hot rows or soft targets, each row summing to 1 within 10⁻⁴.</param>
    /// <param name="rows">The number of rows, 0 or more; 0 rows cost 0.</param>
    /// <param name="columns">The number of classes, 1 or more.</param>
    /// <returns>The mean cost in nats.</returns>
    /// <exception cref="ArgumentException">A length is not rows × columns, or a row of targets has NaN or a negative number or does not sum
    /// to 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">rows is negative or columns is below 1.</exception>
    public static float CrossEntropyFromLogits(ReadOnlySpan<float> z, ReadOnlySpan<float> targets, int rows, int columns) =>
        CrossEntropyFromLogits(SimdSupport.Current, z, targets, rows, columns);

    /// <summary>
    /// The cross-entropy cost of logits against class indices, the mean over the rows of C_x = ln Σ_j exp(z_j − max) + (max − z_hot).
    /// </summary>
    /// <remarks>The same bits as with the one-hot rows of those classes; see there for the rest.</remarks>
    /// <param name="z">rows × columns weighted inputs (logits), row-major.</param>
    /// <param name="classes">One class index a row, 0 … columns − 1.</param>
    /// <param name="rows">The number of rows, 0 or more; 0 rows cost 0.</param>
    /// <param name="columns">The number of classes, 1 or more.</param>
    /// <returns>The mean cost in nats.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or a class is out of range.</exception>
    /// <exception cref="ArgumentOutOfRangeException">rows is negative or columns is below 1.</exception>
    public static float CrossEntropyFromLogits(ReadOnlySpan<float> z, ReadOnlySpan<int> classes, int rows, int columns) =>
        CrossEntropyFromLogits(SimdSupport.Current, z, classes, rows, columns);

    internal static unsafe float CrossEntropyFromLogits(
        SimdLevel level, ReadOnlySpan<float> z, ReadOnlySpan<float> targets, int rows, int columns)
    {
        CheckCost(z, rows, columns, nameof(z));
        Check.Targets(targets, rows, columns);
        fixed (float* source = z, y = targets)
            return Mean(CostOfLogits(level, new SoftmaxCost(source, rows, columns) { Targets = y }), rows);
    }

    internal static unsafe float CrossEntropyFromLogits(
        SimdLevel level, ReadOnlySpan<float> z, ReadOnlySpan<int> classes, int rows, int columns)
    {
        CheckCost(z, rows, columns, nameof(z));
        Check.Classes(classes, rows, columns);
        fixed (float* source = z)
        fixed (int* hot = classes)
            return Mean(CostOfLogits(level, new SoftmaxCost(source, rows, columns) { Classes = hot }), rows);
    }

    private static double CostOfLogits(SimdLevel level, SoftmaxCost cost)
    {
        SimdDispatch.Run(level, ref cost);
        return cost.Total;
    }
}
