using System.Numerics.Tensors;

namespace Backprop.Benchmarks.Composed;

internal static class ComposedBiasSigmoid
{
    public static void Apply(int rows, ReadOnlySpan<float> z, ReadOnlySpan<float> bias, Span<float> destination)
    {
        for (int i = 0; i < rows; i++)
        {
            Span<float> row = destination.Slice(i * bias.Length, bias.Length);
            TensorPrimitives.Add(z.Slice(i * bias.Length, bias.Length), bias, row);
            TensorPrimitives.Sigmoid(row, row);
        }
    }
}
