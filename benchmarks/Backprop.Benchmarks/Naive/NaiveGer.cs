namespace Backprop.Benchmarks.Naive;

internal static class NaiveGer
{
    public static void Update(int m, int n, float alpha, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> a)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
                a[i * n + j] += alpha * x[i] * y[j];
        }
    }
}
