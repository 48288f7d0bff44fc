using System.Numerics.Tensors;

namespace Backprop.Benchmarks.Composed;

internal static class ComposedLogSoftmax
{
    /// <summary>z − max − ln Σ exp(z − max) row by row; <paramref name="exponentials"/> holds a row between two calls.</summary>
    public static void Apply(int rows, ReadOnlySpan<float> z, Span<float> exponentials, Span<float> destination)
    {
        int columns = exponentials.Length;
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> source = z.Slice(i * columns, columns);
            Span<float> row = destination.Slice(i * columns, columns);
            TensorPrimitives.Subtract(source, TensorPrimitives.Max(source), row);
            TensorPrimitives.Exp(row, exponentials);
            TensorPrimitives.Subtract(row, MathF.Log(TensorPrimitives.Sum<float>(exponentials)), row);
        }
    }
}
