using System.Runtime.InteropServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>The output layer in one pass: softmax, its mean cross-entropy cost and its error a − y (BP1).</summary>
    /// <remarks>
    /// The same bits as <see cref="Softmax(ReadOnlySpan{float}, int, int, Span{float})"/>, <see cref="CrossEntropyFromLogits(
    /// ReadOnlySpan{float}, ReadOnlySpan{float}, int, int)"/> and <see cref="OutputDelta(ReadOnlySpan{float}, ReadOnlySpan{float}, int,
    /// int, Span{float})"/> one after the other, with their bounds and their treatment of NaN and infinities.
    /// Source: the article's softmax, cost and BP1.
    /// </remarks>
    /// <param name="z">rows × columns weighted inputs (logits), row-major.</param>
    /// <param name="targets">rows × columns: one-hot rows or soft targets, each row summing to 1 within 10⁻⁴.</param>
    /// <param name="rows">The number of rows, 0 or more; 0 rows cost 0.</param>
    /// <param name="columns">The number of classes, 1 or more.</param>
    /// <param name="activations">Receives the softmax, rows × columns; may be <paramref name="z"/> itself, but not overlap it in part,
    /// nor the targets or classes.</param>
    /// <param name="delta">Receives a − y, rows × columns; apart from all others.</param>
    /// <returns>The mean cost in nats.</returns>
    /// <exception cref="ArgumentException">A length is not rows × columns, a row of targets has NaN or a negative number or does not sum to
    /// 1, or a forbidden overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">rows is negative or columns is below 1.</exception>
    public static float SoftmaxCrossEntropy(
        ReadOnlySpan<float> z, ReadOnlySpan<float> targets, int rows, int columns, Span<float> activations, Span<float> delta) =>
        SoftmaxCrossEntropy(SimdSupport.Current, z, targets, rows, columns, activations, delta);

    /// <summary>The output layer in one pass for class indices: softmax, its mean cross-entropy cost and its error (BP1).</summary>
    /// <remarks>The same bits as with the one-hot rows of those classes; see there for the rest.</remarks>
    /// <param name="z">rows × columns weighted inputs (logits), row-major.</param>
    /// <param name="classes">One class index a row, 0 … columns − 1.</param>
    /// <param name="rows">The number of rows, 0 or more; 0 rows cost 0.</param>
    /// <param name="columns">The number of classes, 1 or more.</param>
    /// <param name="activations">Receives the softmax, rows × columns; may be <paramref name="z"/> itself, but not overlap it in part,
    /// nor the targets or classes.</param>
    /// <param name="delta">Receives a − y, rows × columns; apart from all others.</param>
    /// <returns>The mean cost in nats.</returns>
    /// <exception cref="ArgumentException">A length does not fit, a class is out of range, or a forbidden overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">rows is negative or columns is below 1.</exception>
    public static float SoftmaxCrossEntropy(
        ReadOnlySpan<float> z, ReadOnlySpan<int> classes, int rows, int columns, Span<float> activations, Span<float> delta) =>
        SoftmaxCrossEntropy(SimdSupport.Current, z, classes, rows, columns, activations, delta);

    internal static unsafe float SoftmaxCrossEntropy(
        SimdLevel level,
        ReadOnlySpan<float> z,
        ReadOnlySpan<float> targets,
        int rows,
        int columns,
        Span<float> activations,
        Span<float> delta)
    {
        CheckOutputLayer(z, rows, columns, activations, delta);
        Check.Targets(targets, rows, columns);
        Check.Apart(targets, activations, nameof(targets));
        Check.Apart(targets, delta, nameof(targets));
        fixed (float* source = z, y = targets, a = activations, d = delta)
        {
            var cost = new SoftmaxCost(source, rows, columns) { Targets = y, Activations = a, Delta = d };
            return Mean(CostOfLogits(level, cost), rows);
        }
    }

    internal static unsafe float SoftmaxCrossEntropy(
        SimdLevel level,
        ReadOnlySpan<float> z,
        ReadOnlySpan<int> classes,
        int rows,
        int columns,
        Span<float> activations,
        Span<float> delta)
    {
        CheckOutputLayer(z, rows, columns, activations, delta);
        Check.Classes(classes, rows, columns);
        Check.Apart(MemoryMarshal.Cast<int, float>(classes), activations, nameof(classes));
        Check.Apart(MemoryMarshal.Cast<int, float>(classes), delta, nameof(classes));
        fixed (float* source = z, a = activations, d = delta)
        fixed (int* hot = classes)
        {
            var cost = new SoftmaxCost(source, rows, columns) { Classes = hot, Activations = a, Delta = d };
            return Mean(CostOfLogits(level, cost), rows);
        }
    }

    private static void CheckOutputLayer(ReadOnlySpan<float> z, int rows, int columns, Span<float> activations, Span<float> delta)
    {
        CheckCost(z, rows, columns, nameof(z));
        Check.Matrix(activations.Length, rows, columns, nameof(activations));
        Check.Matrix(delta.Length, rows, columns, nameof(delta));
        Check.SameOrApart(z, activations, nameof(z));
        Check.Apart(z, delta, nameof(z));
        Check.Apart(activations, delta, nameof(activations));
    }
}
