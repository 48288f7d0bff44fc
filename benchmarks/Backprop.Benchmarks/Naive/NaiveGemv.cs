namespace Backprop.Benchmarks.Naive;

/// <summary>The double loop in the order of the formula.</summary>
internal static class NaiveGemv
{
    /// <summary>y ← A·x.</summary>
    public static void Multiply(int m, int n, ReadOnlySpan<float> a, ReadOnlySpan<float> x, Span<float> y)
    {
        for (int i = 0; i < m; i++)
        {
            float sum = 0;
            for (int j = 0; j < n; j++)
                sum += a[i * n + j] * x[j];
            y[i] = sum;
        }
    }

    /// <summary>y ← Aᵀ·x.</summary>
    public static void MultiplyTransposed(int m, int n, ReadOnlySpan<float> a, ReadOnlySpan<float> x, Span<float> y)
    {
        for (int j = 0; j < n; j++)
        {
            float sum = 0;
            for (int i = 0; i < m; i++)
                sum += a[i * n + j] * x[i];
            y[j] = sum;
        }
    }
}
