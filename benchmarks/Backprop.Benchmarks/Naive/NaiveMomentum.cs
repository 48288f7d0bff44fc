namespace Backprop.Benchmarks.Naive;

internal static class NaiveMomentum
{
    public static void Update(
        float[] gradient, float learningRate, float momentum, float decay, float[] velocity, float[] parameters)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            velocity[i] = momentum * velocity[i] - learningRate * (gradient[i] + decay * parameters[i]);
            parameters[i] += velocity[i];
        }
    }
}
