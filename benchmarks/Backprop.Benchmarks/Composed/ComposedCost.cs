using System.Numerics.Tensors;

namespace Backprop.Benchmarks.Composed;

/// <summary>The mean cost of the rows; <c>scratch</c> holds a row between two calls.</summary>
internal static class ComposedCost
{
    public static float OfProbabilities(int rows, ReadOnlySpan<float> activations, ReadOnlySpan<float> targets, Span<float> scratch)
    {
        int columns = scratch.Length;
        double cost = 0;
        for (int i = 0; i < rows; i++)
        {
            TensorPrimitives.Log(activations.Slice(i * columns, columns), scratch);
            cost -= TensorPrimitives.Dot<float>(targets.Slice(i * columns, columns), scratch);
        }
        return (float)(cost / rows);
    }

    public static float OfLogits(int rows, ReadOnlySpan<float> z, int[] classes, Span<float> scratch)
    {
        int columns = scratch.Length;
        double cost = 0;
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<float> row = z.Slice(i * columns, columns);
            float maximum = TensorPrimitives.Max(row);
            TensorPrimitives.Subtract(row, maximum, scratch);
            TensorPrimitives.Exp<float>(scratch, scratch);
            cost += Math.Log(TensorPrimitives.Sum<float>(scratch)) + maximum - row[classes[i]];
        }
        return (float)(cost / rows);
    }
}
