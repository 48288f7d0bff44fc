using System.Numerics.Tensors;

namespace Backprop.Benchmarks.Composed;

internal static class ComposedSoftmaxJacobian
{
    /// <summary>−a_i·a row by row, then the diagonal.</summary>
    public static void Apply(ReadOnlySpan<float> activations, Span<float> destination)
    {
        int n = activations.Length;
        for (int i = 0; i < n; i++)
        {
            TensorPrimitives.Multiply(activations, -activations[i], destination.Slice(i * n, n));
            destination[i * n + i] = activations[i] * (1 - activations[i]);
        }
    }

    public static void Multiply(int rows, int columns, ReadOnlySpan<float> activations, ReadOnlySpan<float> vector, Span<float> destination)
    {
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> a = activations.Slice(i * columns, columns), v = vector.Slice(i * columns, columns);
            Span<float> row = destination.Slice(i * columns, columns);
            TensorPrimitives.Subtract(v, TensorPrimitives.Dot(a, v), row);
            TensorPrimitives.Multiply(row, a, row);
        }
    }
}
