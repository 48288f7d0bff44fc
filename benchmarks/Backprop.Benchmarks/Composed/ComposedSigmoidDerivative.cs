using System.Numerics.Tensors;

namespace Backprop.Benchmarks.Composed;

internal static class ComposedSigmoidDerivative
{
    public static void Apply(ReadOnlySpan<float> activations, Span<float> destination)
    {
        TensorPrimitives.Subtract(1f, activations, destination);
        TensorPrimitives.Multiply(destination, activations, destination);
    }

    public static void Multiply(ReadOnlySpan<float> upstream, ReadOnlySpan<float> activations, Span<float> destination)
    {
        Apply(activations, destination);
        TensorPrimitives.Multiply(destination, upstream, destination);
    }
}
