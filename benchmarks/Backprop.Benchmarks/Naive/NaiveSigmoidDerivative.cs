namespace Backprop.Benchmarks.Naive;

internal static class NaiveSigmoidDerivative
{
    public static void Apply(ReadOnlySpan<float> activations, Span<float> destination)
    {
        for (int i = 0; i < activations.Length; i++)
            destination[i] = activations[i] * (1 - activations[i]);
    }

    public static void Multiply(ReadOnlySpan<float> upstream, ReadOnlySpan<float> activations, Span<float> destination)
    {
        for (int i = 0; i < activations.Length; i++)
            destination[i] = upstream[i] * activations[i] * (1 - activations[i]);
    }
}
