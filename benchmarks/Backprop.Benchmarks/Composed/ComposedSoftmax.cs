using System.Numerics.Tensors;

namespace Backprop.Benchmarks.Composed;

/// <summary>
/// <see cref="TensorPrimitives.SoftMax(ReadOnlySpan{float}, Span{float})"/> row by row. It overflows over 88: no maximum is subtracted.
/// </summary>
internal static class ComposedSoftmax
{
    public static void Apply(int rows, int columns, ReadOnlySpan<float> z, Span<float> destination)
    {
        for (int i = 0; i < rows; i++)
            TensorPrimitives.SoftMax(z.Slice(i * columns, columns), destination.Slice(i * columns, columns));
    }
}
