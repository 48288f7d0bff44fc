namespace Backprop.Benchmarks.Naive;

internal static class NaiveOutputDelta
{
    public static void Apply(ReadOnlySpan<float> activations, ReadOnlySpan<float> targets, Span<float> destination)
    {
        for (int i = 0; i < activations.Length; i++)
            destination[i] = activations[i] - targets[i];
    }
}
