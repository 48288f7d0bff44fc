namespace Backprop.Benchmarks.Naive;

/// <summary>The triple loop in the order of the formula. A transposed operand is one whose strides are exchanged.</summary>
internal static class NaiveGemm
{
    public static void Multiply(
        int m, int n, int k, ReadOnlySpan<float> a, int rowStrideA, int columnStrideA, ReadOnlySpan<float> b, int rowStrideB,
        int columnStrideB, Span<float> c)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = 0;
                for (int p = 0; p < k; p++)
                    sum += a[i * rowStrideA + p * columnStrideA] * b[p * rowStrideB + j * columnStrideB];
                c[i * n + j] = sum;
            }
        }
    }
}
