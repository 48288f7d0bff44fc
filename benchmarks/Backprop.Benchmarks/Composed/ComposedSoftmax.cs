using System.Numerics.Tensors;

namespace Backprop.Benchmarks.Composed;

/// <summary>
/// <see cref="TensorPrimitives.SoftMax(ReadOnlySpan{float}, Span{float})"/> row by row. It overflows over 88: no maximum is subtracted.
/// </summary>
internal static class ComposedSoftmax
{
    public static void Apply(int rows, int columns, float[] z, float[] destination)
    {
        for (int i = 0; i < rows; i++)
            TensorPrimitives.SoftMax(z.AsSpan(i * columns, columns), destination.AsSpan(i * columns, columns));
    }
}
