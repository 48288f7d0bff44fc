using System.Numerics.Tensors;

namespace Backprop.Benchmarks.Composed;

internal static class ComposedGemv
{
    /// <summary>y ← A·x: a dot product a row.</summary>
    public static void Multiply(int n, ReadOnlySpan<float> a, ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = TensorPrimitives.Dot(a.Slice(i * n, n), x);
    }

    /// <summary>y ← Aᵀ·x: the rows of A added up, each times its x.</summary>
    public static void MultiplyTransposed(int n, ReadOnlySpan<float> a, ReadOnlySpan<float> x, Span<float> y)
    {
        y.Clear();
        for (int i = 0; i < x.Length; i++)
            TensorPrimitives.MultiplyAdd(a.Slice(i * n, n), x[i], y, y);
    }
}
