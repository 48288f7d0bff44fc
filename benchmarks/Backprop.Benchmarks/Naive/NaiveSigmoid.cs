namespace Backprop.Benchmarks.Naive;

internal static class NaiveSigmoid
{
    public static void Apply(ReadOnlySpan<float> x, Span<float> destination)
    {
        for (int i = 0; i < x.Length; i++)
            destination[i] = 1 / (1 + MathF.Exp(-x[i]));
    }
}
