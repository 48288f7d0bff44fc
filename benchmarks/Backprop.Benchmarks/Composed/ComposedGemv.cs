using System.Numerics.Tensors;

namespace Backprop.Benchmarks.Composed;

internal static class ComposedGemv
{
    /// <summary>y ← A·x: a dot product a row.</summary>
    public static void Multiply(int n, float[] a, float[] x, float[] y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = TensorPrimitives.Dot(a.AsSpan(i * n, n), x);
    }

    /// <summary>y ← Aᵀ·x: the rows of A added up, each times its x.</summary>
    public static void MultiplyTransposed(int n, float[] a, float[] x, float[] y)
    {
        Array.Clear(y);
        for (int i = 0; i < x.Length; i++)
            TensorPrimitives.MultiplyAdd(a.AsSpan(i * n, n), x[i], y, y);
    }
}
