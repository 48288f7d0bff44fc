namespace Backprop.Benchmarks.Naive;

internal static class NaiveSigmoidDerivative
{
    public static void Apply(float[] activations, float[] destination)
    {
        for (int i = 0; i < activations.Length; i++)
            destination[i] = activations[i] * (1 - activations[i]);
    }

    public static void Multiply(float[] upstream, float[] activations, float[] destination)
    {
        for (int i = 0; i < activations.Length; i++)
            destination[i] = upstream[i] * activations[i] * (1 - activations[i]);
    }
}
