using System.Numerics.Tensors;

namespace Backprop.Benchmarks.Composed;

internal static class ComposedGer
{
    public static void Update(float alpha, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> a)
    {
        for (int i = 0; i < x.Length; i++)
        {
            Span<float> row = a.Slice(i * y.Length, y.Length);
            TensorPrimitives.MultiplyAdd(y, alpha * x[i], row, row);
        }
    }
}
