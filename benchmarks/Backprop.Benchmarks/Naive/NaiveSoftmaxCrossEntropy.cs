namespace Backprop.Benchmarks.Naive;

internal static class NaiveSoftmaxCrossEntropy
{
    /// <summary>Softmax, delta = a − y, and the mean of −ln a_hot.</summary>
    public static float Apply(int rows, int columns, ReadOnlySpan<float> z, int[] classes, Span<float> activations, Span<float> delta)
    {
        NaiveSoftmax.Apply(rows, columns, z, activations);
        float cost = 0;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                delta[i * columns + j] = activations[i * columns + j] - (j == classes[i] ? 1 : 0);
            cost -= MathF.Log(activations[i * columns + classes[i]]);
        }
        return cost / rows;
    }
}
