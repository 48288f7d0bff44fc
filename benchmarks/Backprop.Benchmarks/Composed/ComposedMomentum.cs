using System.Numerics.Tensors;

namespace Backprop.Benchmarks.Composed;

internal static class ComposedMomentum
{
    /// <summary><paramref name="pull"/> holds g + λ·w between the calls.</summary>
    public static void Update(
        float[] gradient, float learningRate, float momentum, float decay, float[] velocity, float[] parameters, float[] pull)
    {
        TensorPrimitives.MultiplyAdd(parameters, decay, gradient, pull);
        TensorPrimitives.Multiply(velocity, momentum, velocity);
        TensorPrimitives.MultiplyAdd(pull, -learningRate, velocity, velocity);
        TensorPrimitives.Add(parameters, velocity, parameters);
    }
}
