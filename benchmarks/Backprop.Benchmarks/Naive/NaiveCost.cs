namespace Backprop.Benchmarks.Naive;

internal static class NaiveCost
{
    /// <summary>The mean of −Σ y ln a.</summary>
    public static float OfProbabilities(int rows, int columns, ReadOnlySpan<float> activations, ReadOnlySpan<float> targets)
    {
        float cost = 0;
        for (int i = 0; i < rows; i++)
        {
            float ofRow = 0;
            for (int j = 0; j < columns; j++)
                ofRow -= targets[i * columns + j] * MathF.Log(activations[i * columns + j]);
            cost += ofRow;
        }
        return cost / rows;
    }

    /// <summary>The mean of ln Σ exp(z − max) + max − z_hot.</summary>
    public static float OfLogits(int rows, int columns, ReadOnlySpan<float> z, int[] classes)
    {
        float cost = 0;
        for (int i = 0; i < rows; i++)
        {
            float maximum = float.NegativeInfinity;
            for (int j = 0; j < columns; j++)
                maximum = MathF.Max(maximum, z[i * columns + j]);
            float sum = 0;
            for (int j = 0; j < columns; j++)
                sum += MathF.Exp(z[i * columns + j] - maximum);
            cost += MathF.Log(sum) + maximum - z[i * columns + classes[i]];
        }
        return cost / rows;
    }
}
