namespace Backprop.Benchmarks.Naive;

internal static class NaiveBiasSigmoid
{
    public static void Apply(int rows, int columns, ReadOnlySpan<float> z, ReadOnlySpan<float> bias, Span<float> destination)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                destination[i * columns + j] = 1 / (1 + MathF.Exp(-(z[i * columns + j] + bias[j])));
        }
    }
}
