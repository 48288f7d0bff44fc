namespace Backprop.Benchmarks.Naive;

internal static class NaiveNorm
{
    public static float Compute(ReadOnlySpan<float> x)
    {
        float squares = 0;
        for (int i = 0; i < x.Length; i++)
            squares += x[i] * x[i];
        return MathF.Sqrt(squares);
    }
}
