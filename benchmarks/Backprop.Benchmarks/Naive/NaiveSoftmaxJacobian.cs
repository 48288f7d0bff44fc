namespace Backprop.Benchmarks.Naive;

internal static class NaiveSoftmaxJacobian
{
    public static void Apply(ReadOnlySpan<float> activations, Span<float> destination)
    {
        int n = activations.Length;
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                destination[i * n + j] = activations[i] * ((i == j ? 1 : 0) - activations[j]);
        }
    }

    public static void Multiply(int rows, int columns, ReadOnlySpan<float> activations, ReadOnlySpan<float> vector, Span<float> destination)
    {
        for (int i = 0; i < rows; i++)
        {
            float mean = 0;
            for (int j = 0; j < columns; j++)
                mean += activations[i * columns + j] * vector[i * columns + j];
            for (int j = 0; j < columns; j++)
                destination[i * columns + j] = activations[i * columns + j] * (vector[i * columns + j] - mean);
        }
    }
}
