namespace Backprop.Benchmarks.Naive;

internal static class NaiveOutputDelta
{
    public static void Apply(float[] activations, float[] targets, float[] destination)
    {
        for (int i = 0; i < activations.Length; i++)
            destination[i] = activations[i] - targets[i];
    }
}
