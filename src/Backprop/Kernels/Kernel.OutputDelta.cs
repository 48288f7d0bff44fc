using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>The error of the output layer, BP1: δ^L = a^L − y, element by element.</summary>
    /// <remarks>
    /// One rounding. The same bits on every processor. NaN in a gives NaN. Holds for the softmax with cross-entropy and targets that
    /// sum to 1, which is why they are checked. Source: the article's BP1.
    /// </remarks>
    /// <param name="activations">rows × columns probabilities, row-major.</param>
    /// <param name="targets">rows × columns: one-hot rows or soft targets, each row summing to 1 within 10⁻⁴.</param>
    /// <param name="rows">The number of rows, 0 or more.</param>
    /// <param name="columns">The number of classes, 1 or more.</param>
    /// <param name="destination">rows × columns; may be either input itself, but not overlap one in part.</param>
    /// <exception cref="ArgumentException">A length is not rows × columns, a row of targets has NaN or a negative number or does not sum to
    /// 1, or a partial overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">rows is negative or columns is below 1.</exception>
    public static void OutputDelta(
        ReadOnlySpan<float> activations, ReadOnlySpan<float> targets, int rows, int columns, Span<float> destination)
    {
        CheckCost(activations, rows, columns, nameof(activations));
        Check.Targets(targets, rows, columns);
        Check.Matrix(destination.Length, rows, columns, nameof(destination));
        Check.SameOrApart(activations, destination, nameof(activations));
        Check.SameOrApart(targets, destination, nameof(targets));
        TensorPrimitives.Subtract(activations, targets, destination);
    }

    /// <summary>The error of the output layer for class indices, BP1: δ_j = a_j, and a_j − 1 where j is the row's class.</summary>
    /// <remarks>The same bits as with the one-hot rows of those classes. NaN in a gives NaN. Source: the article's BP1.</remarks>
    /// <param name="activations">rows × columns probabilities, row-major.</param>
    /// <param name="classes">One class index a row, 0 … columns − 1.</param>
    /// <param name="rows">The number of rows, 0 or more.</param>
    /// <param name="columns">The number of classes, 1 or more.</param>
    /// <param name="destination">rows × columns; may be <paramref name="activations"/> itself, but not overlap it in part.</param>
    /// <exception cref="ArgumentException">A length does not fit, a class is out of range, or a partial overlap.</exception>
    /// <exception cref="ArgumentOutOfRangeException">rows is negative or columns is below 1.</exception>
    public static void OutputDelta(
        ReadOnlySpan<float> activations, ReadOnlySpan<int> classes, int rows, int columns, Span<float> destination)
    {
        CheckCost(activations, rows, columns, nameof(activations));
        Check.Classes(classes, rows, columns);
        Check.Matrix(destination.Length, rows, columns, nameof(destination));
        Check.SameOrApart(activations, destination, nameof(activations));
        Check.Apart(MemoryMarshal.Cast<int, float>(classes), destination, nameof(classes));
        activations.CopyTo(destination);
        for (int row = 0; row < rows; row++) destination[row * columns + classes[row]] -= 1f;
    }
}
