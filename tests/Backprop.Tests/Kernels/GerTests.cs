using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

public class GerTests
{
    private static readonly float[] Alphas = [0, 1, 0.7f, -1];

    [Fact]
    public void Small_integers_give_exact_results()
    {
        foreach ((int m, int n) in Shapes())
        {
            float[] x = Inputs.Integers(1, m, 100);
            float[] y = Inputs.Integers(2, n, 100);
            float[] a = Inputs.Strided(Inputs.Integers(3, m * n, 1_000), m, n, n + 1);
            double[] expected = ReferenceKernels.Widen(a);
            ReferenceKernels.Ger(m, n, -2, ReferenceKernels.Widen(x), ReferenceKernels.Widen(y), expected, n + 1);
            foreach (SimdLevel level in Levels.All)
                Assert.Equal(expected, ReferenceKernels.Widen(Run(level, m, n, -2, x, y, a, n + 1)));
        }
    }

    [Fact]
    public void Alpha_zero_reads_nothing_and_leaves_A()
    {
        float[] a = Inputs.Uniform(1, 21);
        foreach (SimdLevel level in Levels.All)
            Bits.AssertSame(a, Run(level, 3, 7, 0, Inputs.Filled(3, float.NaN), Inputs.Filled(7, float.PositiveInfinity), a, 7), $"{level}");
    }

    [Fact]
    public void Elements_are_one_fused_multiply_add()
    {
        foreach ((int m, int n) in Shapes())
        {
            foreach (float alpha in Alphas)
            {
                int lda = n + 1 + m % 3;
                float[] x = Inputs.Uniform(m, m);
                float[] y = Inputs.Uniform(n, n);
                float[] a = Inputs.Strided(Inputs.Uniform(m + n, m * n), m, n, lda);
                float[] expected = [.. a];
                for (int i = 0; i < m; i++)
                    for (int j = 0; j < n; j++)
                        expected[i * lda + j] = MathF.FusedMultiplyAdd(alpha * x[i], y[j], a[i * lda + j]);
                foreach (SimdLevel level in Levels.All)
                    Bits.AssertSame(expected, Run(level, m, n, alpha, x, y, a, lda), $"{m}×{n} {level}, alpha {alpha}");
            }
        }
    }

    [Fact]
    public void Elements_are_within_two_roundings()
    {
        float[] x = Inputs.Uniform(1, 100);
        float[] y = Inputs.Uniform(2, 333);
        float[] a = Inputs.Uniform(3, 33_300);
        double[] expected = ReferenceKernels.Widen(a);
        double[] magnitudes = ReferenceKernels.WidenMagnitudes(a);
        ReferenceKernels.Ger(100, 333, 0.7f, ReferenceKernels.Widen(x), ReferenceKernels.Widen(y), expected, 333);
        ReferenceKernels.Ger(100, 333, 0.7f, ReferenceKernels.WidenMagnitudes(x), ReferenceKernels.WidenMagnitudes(y), magnitudes, 333);
        float[] actual = Run(SimdSupport.Current, 100, 333, 0.7f, x, y, a, 333);
        // alpha·x is rounded, and the sum: 2u of the magnitudes, 2⁻²³, as the documentation says.
        for (int index = 0; index < actual.Length; index++)
            Assert.InRange(Math.Abs(actual[index] - expected[index]), 0, Ulp.Epsilon * magnitudes[index]);
    }

    [Fact]
    public void Refuses_operands_that_do_not_fit()
    {
        float[] a = new float[27]; // 3 × 7 with a stride of 10
        float[] three = new float[3];
        float[] seven = new float[7];
        Refusal.Of<ArgumentOutOfRangeException>("m", () => Kernel.Ger(-1, 7, 1, three, seven, a, 10), -1, 0);
        Refusal.Of<ArgumentOutOfRangeException>("n", () => Kernel.Ger(3, -7, 1, three, seven, a, 10), -7, 0);
        Refusal.Of<ArgumentOutOfRangeException>("lda", () => Kernel.Ger(3, 7, 1, three, seven, a, 6), 6, 7);
        Refusal.Of<ArgumentException>("x", () => Kernel.Ger(3, 7, 1, seven, seven, a, 10), 3, 7);
        Refusal.Of<ArgumentException>("y", () => Kernel.Ger(3, 7, 1, three, three, a, 10), 7, 3);
        Refusal.Of<ArgumentException>("a", () => Kernel.Ger(3, 7, 1, three, seven, new float[26], 10), 3, 7, 27, 26);
        Refusal.Of<ArgumentException>("a", () => Kernel.Ger(3, 7, 1, three, seven, a, 1 << 30), (1L << 31) + 7, 27);
    }

    [Fact]
    public void Refuses_an_A_that_shares_elements_with_x_or_y()
    {
        float[] values = new float[100];
        float[] other = new float[3];
        Refusal.Of<ArgumentException>("a", () => Kernel.Ger(3, 3, 1, values.AsSpan(8, 3), other, values.AsSpan(0, 9), 3));
        Refusal.Of<ArgumentException>("a", () => Kernel.Ger(3, 3, 1, other, values.AsSpan(0, 3), values.AsSpan(0, 9), 3));
    }

    private static float[] Run(SimdLevel level, int m, int n, float alpha, float[] x, float[] y, float[] a, int lda)
    {
        float[] updated = [.. a];
        Kernel.Ger(level, m, n, alpha, x, y, updated, lda);
        return updated;
    }

    private static IEnumerable<(int M, int N)> Shapes() =>
    [
        .. from m in Enumerable.Range(0, 6) from n in Enumerable.Range(0, 36) select (m, n),
        .. from n in Enumerable.Range(36, 221) select (2, n),
        (17, 31), (31, 17), (100, 333), (333, 100), (1, 10_007), (1_000, 1),
    ];
}
