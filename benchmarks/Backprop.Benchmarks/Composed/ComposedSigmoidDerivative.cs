using System.Numerics.Tensors;

namespace Backprop.Benchmarks.Composed;

internal static class ComposedSigmoidDerivative
{
    public static void Apply(float[] activations, float[] destination)
    {
        TensorPrimitives.Subtract(1f, activations, destination);
        TensorPrimitives.Multiply(destination, activations, destination);
    }

    public static void Multiply(float[] upstream, float[] activations, float[] destination)
    {
        Apply(activations, destination);
        TensorPrimitives.Multiply(destination, upstream, destination);
    }
}
