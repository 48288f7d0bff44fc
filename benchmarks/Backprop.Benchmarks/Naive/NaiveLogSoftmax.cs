namespace Backprop.Benchmarks.Naive;

internal static class NaiveLogSoftmax
{
    public static void Apply(int rows, int columns, ReadOnlySpan<float> z, Span<float> destination)
    {
        for (int i = 0; i < rows; i++)
        {
            float maximum = float.NegativeInfinity;
            for (int j = 0; j < columns; j++)
                maximum = MathF.Max(maximum, z[i * columns + j]);
            float sum = 0;
            for (int j = 0; j < columns; j++)
                sum += MathF.Exp(z[i * columns + j] - maximum);
            float logarithm = MathF.Log(sum);
            for (int j = 0; j < columns; j++)
                destination[i * columns + j] = z[i * columns + j] - maximum - logarithm;
        }
    }
}
