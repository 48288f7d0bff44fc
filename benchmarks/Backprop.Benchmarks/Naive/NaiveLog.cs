namespace Backprop.Benchmarks.Naive;

internal static class NaiveLog
{
    public static void Apply(ReadOnlySpan<float> x, Span<float> destination)
    {
        for (int i = 0; i < x.Length; i++)
            destination[i] = MathF.Log(x[i]);
    }
}
