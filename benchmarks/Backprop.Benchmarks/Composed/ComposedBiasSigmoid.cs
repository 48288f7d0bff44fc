using System.Numerics.Tensors;

namespace Backprop.Benchmarks.Composed;

internal static class ComposedBiasSigmoid
{
    public static void Apply(int rows, float[] z, float[] bias, float[] destination)
    {
        for (int i = 0; i < rows; i++)
        {
            Span<float> row = destination.AsSpan(i * bias.Length, bias.Length);
            TensorPrimitives.Add(z.AsSpan(i * bias.Length, bias.Length), bias, row);
            TensorPrimitives.Sigmoid(row, row);
        }
    }
}
