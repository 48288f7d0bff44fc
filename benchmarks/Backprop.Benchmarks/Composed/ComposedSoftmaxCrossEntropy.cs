namespace Backprop.Benchmarks.Composed;

internal static class ComposedSoftmaxCrossEntropy
{
    /// <summary>Softmax by rows, delta as a copy with 1 subtracted at the class, and the mean of −ln a_hot.</summary>
    public static float Apply(int rows, int columns, ReadOnlySpan<float> z, int[] classes, Span<float> activations, Span<float> delta)
    {
        ComposedSoftmax.Apply(rows, columns, z, activations);
        activations.CopyTo(delta);
        double cost = 0;
        for (int i = 0; i < rows; i++)
        {
            delta[i * columns + classes[i]] -= 1;
            cost -= Math.Log(activations[i * columns + classes[i]]);
        }
        return (float)(cost / rows);
    }
}
