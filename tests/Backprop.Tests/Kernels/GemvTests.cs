using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using FsCheck.Xunit;
using Xunit;

namespace Backprop.Tests.Kernels;

public class GemvTests
{
    private static readonly float[] Alphas = [0, 1, 0.7f, -1];
    private static readonly float[] Betas = [0, 1, 1.3f];

    private static readonly (int M, int N)[] AwkwardShapes = [(17, 31), (31, 17), (100, 333), (333, 100), (1, 1_000), (1_000, 1), (64, 64),
        (9, 257), (257, 9)];

    [Fact]
    public void Small_integers_give_exact_results()
    {
        foreach ((int m, int n) in SmallShapes().Concat(AwkwardShapes))
        {
            foreach (Transpose transpose in Enum.GetValues<Transpose>())
            {
                Operands whole = Create(transpose, m, n, m % 3, 1, largestInteger: 8);
                double[] expected = ReferenceKernels.Widen(whole.Y);
                ReferenceKernels.Gemv(transpose == Transpose.Yes, m, n, -2, ReferenceKernels.Widen(whole.A), whole.Lda,
                    ReferenceKernels.Widen(whole.X), 3, expected);
                foreach (SimdLevel level in Levels.All)
                    Assert.Equal(expected, ReferenceKernels.Widen(Run(level, whole, -2, 3)));
            }
        }
    }

    [Fact]
    public void Elements_are_made_in_the_promised_order()
    {
        int turn = 0;
        foreach ((int m, int n) in SmallShapes().Concat(AwkwardShapes))
            foreach (Transpose transpose in Enum.GetValues<Transpose>())
                AssertPromisedBits(Create(transpose, m, n, turn % 3, turn), Alphas[turn % 4], Betas[turn++ % 3]);
    }

    [Fact]
    public void Elements_are_made_in_the_promised_order_where_A_does_not_fit_L2()
    {
        foreach (Transpose transpose in Enum.GetValues<Transpose>())
            AssertPromisedBits(Create(transpose, 703, 761, 3, 5), 0.7f, 1.3f);
    }

    [Fact]
    public void Elements_are_made_in_the_promised_order_at_all_factors()
    {
        foreach (Transpose transpose in Enum.GetValues<Transpose>())
            foreach (float alpha in Alphas)
                foreach (float beta in Betas)
                    AssertPromisedBits(Create(transpose, 19, 45, 3, 5), alpha, beta);
    }

    [Fact]
    public void Elements_are_made_in_the_promised_order_at_every_length()
    {
        for (int length = 0; length <= 256; length++)
        {
            AssertPromisedBits(Create(Transpose.No, 3, length, 1, length), 0.7f, 1.3f);
            AssertPromisedBits(Create(Transpose.Yes, length, 3, 1, length), 0.7f, 1.3f);
            AssertPromisedBits(Create(Transpose.Yes, 3, length, 1, length), 0.7f, 1.3f);
        }
    }

    [Fact]
    public void Sums_of_negative_products_that_underflow_are_minus_zero()
    {
        // fma(−10⁻³⁰, 10⁻³⁰, ±0) is −0: a lane that a width does not fill at the end of a row must not make +0 of it.
        for (int length = 1; length <= 70; length++)
            foreach (Transpose transpose in Enum.GetValues<Transpose>())
                AssertPromisedBits(Underflowing(transpose, length), 1, 0);
    }

    [Fact]
    public void Transposed_has_the_bits_of_the_product_of_one_row()
    {
        foreach ((int m, int n) in AwkwardShapes)
        {
            Operands operands = Create(Transpose.Yes, m, n, 2, 7);
            foreach (SimdLevel level in Levels.All)
            {
                float[] row = [.. operands.Y];
                Kernel.Gemm(level, Transpose.No, Transpose.No, 1, n, m, 0.7f, operands.X, m, operands.A, operands.Lda, 1.3f, row, n);
                Bits.AssertSame(row, Run(level, operands, 0.7f, 1.3f), $"{m}×{n} {level}");
            }
        }
    }

    /// <summary>
    /// (k + 2) u as for the product, u = 2⁻²⁴; sixteen chains, a tree of 4, alpha and beta make n/16 + 6 of it without the transposition.
    /// </summary>
    [Property(MaxTest = 300)]
    public void Elements_are_within_the_bound(byte m, byte n, bool transposed, int seed)
    {
        Operands operands = Create(transposed ? Transpose.Yes : Transpose.No, m, n, seed & 3, seed);
        double[] expected = ReferenceKernels.Widen(operands.Y);
        double[] magnitudes = ReferenceKernels.WidenMagnitudes(operands.Y);
        ReferenceKernels.Gemv(transposed, m, n, 0.7f, ReferenceKernels.Widen(operands.A), operands.Lda, ReferenceKernels.Widen(operands.X),
            1.3f, expected);
        ReferenceKernels.Gemv(transposed, m, n, 0.7f, ReferenceKernels.WidenMagnitudes(operands.A), operands.Lda,
            ReferenceKernels.WidenMagnitudes(operands.X), 1.3f, magnitudes);
        double roundings = transposed ? m + 2 : Math.Min(n + 2, n / 16.0 + 6);
        float[] actual = Run(SimdSupport.Current, operands, 0.7f, 1.3f);
        for (int i = 0; i < actual.Length; i++)
            Expect.That(Math.Abs(actual[i] - expected[i]) <= roundings * Ulp.Roundoff * magnitudes[i],
                $"{m}×{n} {operands.Transpose}, seed {seed}, element {i}");
    }

    [Fact]
    public void Beta_zero_does_not_read_y()
    {
        foreach (Transpose transpose in Enum.GetValues<Transpose>())
        {
            foreach ((int m, int n) in new[] { (1, 1), (9, 33), (33, 9), (0, 5), (5, 0) })
            {
                Operands operands = Create(transpose, m, n, 1, 3);
                foreach (SimdLevel level in Levels.All)
                {
                    float[] expected = Run(level, operands with { Y = new float[operands.Y.Length] }, 0.7f, 0);
                    Bits.AssertSame(expected, Run(level, operands with { Y = Inputs.Filled(operands.Y.Length, float.NaN) }, 0.7f, 0),
                        $"{m}×{n} {transpose} {level}");
                    Assert.DoesNotContain(float.NaN, expected);
                }
            }
        }
    }

    [Fact]
    public void Alpha_zero_does_not_read_A_and_x()
    {
        foreach (Transpose transpose in new[] { Transpose.No, Transpose.Yes })
        {
            Operands operands = Create(transpose, 19, 45, 2, 5);
            Operands poisoned = operands with
            {
                A = Inputs.Filled(operands.A.Length, float.NaN),
                X = Inputs.Filled(operands.X.Length, float.PositiveInfinity),
            };
            foreach (SimdLevel level in Levels.All)
            {
                foreach (float beta in new[] { 0, 1, 1.3f })
                    Bits.AssertSame([.. operands.Y.Select(y => Scaled(beta, y))], Run(level, poisoned, 0, beta), $"{transpose} {level}, beta {beta}");
            }
        }
    }

    [Fact]
    public void NaN_in_one_row_reaches_one_element()
    {
        foreach (SimdLevel level in Levels.All)
        {
            Operands operands = Create(Transpose.No, 20, 37, 0, 3);
            float[] expected = Run(level, operands, 1, 0);
            expected[11] = float.NaN;
            operands.A[11 * operands.Lda + 36] = float.NaN;
            Bits.AssertSame(expected, Run(level, operands, 1, 0), $"{level}");
        }
    }

    [Fact]
    public void Refuses_operands_that_do_not_fit()
    {
        float[] a = new float[27]; // 3 × 7 with a stride of 10
        float[] three = new float[3];
        float[] seven = new float[7];
        Refusal.Of<ArgumentOutOfRangeException>("m", () => Kernel.Gemv(Transpose.No, -1, 7, 1, a, 10, seven, 0, three), -1, 0);
        Refusal.Of<ArgumentOutOfRangeException>("n", () => Kernel.Gemv(Transpose.No, 3, -7, 1, a, 10, seven, 0, three), -7, 0);
        Refusal.Of<ArgumentOutOfRangeException>("lda", () => Kernel.Gemv(Transpose.No, 3, 7, 1, a, 6, seven, 0, three), 6, 7);
        Refusal.Of<ArgumentOutOfRangeException>("transpose", () => Kernel.Gemv((Transpose)7, 3, 7, 1, a, 10, seven, 0, three), 7);
        Refusal.Of<ArgumentException>("a", () => Kernel.Gemv(Transpose.No, 3, 7, 1, new float[26], 10, seven, 0, three), 3, 7, 27, 26);
        Refusal.Of<ArgumentException>("x", () => Kernel.Gemv(Transpose.No, 3, 7, 1, a, 10, three, 0, three), 7, 3);
        Refusal.Of<ArgumentException>("y", () => Kernel.Gemv(Transpose.No, 3, 7, 1, a, 10, seven, 0, seven), 3, 7);
        Refusal.Of<ArgumentException>("x", () => Kernel.Gemv(Transpose.Yes, 3, 7, 1, a, 10, seven, 0, seven), 3, 7);
        Refusal.Of<ArgumentException>("y", () => Kernel.Gemv(Transpose.Yes, 3, 7, 1, a, 10, three, 0, three), 7, 3);
        Refusal.Of<ArgumentException>("a", () => Kernel.Gemv(Transpose.No, 3, 7, 1, a, 1 << 30, seven, 0, three), (1L << 31) + 7, 27);
    }

    [Fact]
    public void Refuses_a_y_that_shares_elements_with_A_or_x()
    {
        float[] values = new float[100];
        float[] other = new float[100];
        Refusal.Of<ArgumentException>("y", () =>
            Kernel.Gemv(Transpose.No, 3, 3, 1, values.AsSpan(0, 9), 3, other.AsSpan(0, 3), 0, values.AsSpan(8, 3)));
        Refusal.Of<ArgumentException>("y", () =>
            Kernel.Gemv(Transpose.No, 3, 3, 1, other.AsSpan(0, 9), 3, values.AsSpan(0, 3), 0, values.AsSpan(0, 3)));
    }

    private static Operands Create(Transpose transpose, int m, int n, int extra, int seed, int largestInteger = 0)
    {
        int lda = Math.Max(1, n) + extra;
        int inputs = transpose == Transpose.Yes ? m : n;
        return new(transpose, m, n, Inputs.Strided(Numbers(seed, m * n, largestInteger), m, n, lda), lda,
            Numbers(seed + 1, inputs, largestInteger), Numbers(seed + 2, m + n - inputs, largestInteger));
    }

    private static Operands Underflowing(Transpose transpose, int length)
    {
        (int m, int n) = transpose == Transpose.Yes ? (length, 7) : (7, length);
        return new(transpose, m, n, Inputs.Filled(m * n, 1e-30f), n, Inputs.Filled(length, -1e-30f), new float[7]);
    }

    private static float[] Numbers(int seed, int count, int largestInteger) =>
        largestInteger > 0 ? Inputs.Integers(seed, count, largestInteger) : Inputs.Uniform(seed, count);

    private static float[] Run(SimdLevel level, Operands operands, float alpha, float beta)
    {
        float[] y = [.. operands.Y];
        Kernel.Gemv(level, operands.Transpose, operands.M, operands.N, alpha, operands.A, operands.Lda, operands.X, beta, y);
        return y;
    }

    private static void AssertPromisedBits(Operands operands, float alpha, float beta)
    {
        float[] expected = [.. operands.Y];
        for (int i = 0; i < expected.Length; i++)
            expected[i] = alpha == 0 ? Scaled(beta, expected[i]) // alpha = 0 reads neither A nor x
                : operands.Transpose == Transpose.Yes
                ? PromisedOrder.Chain(alpha, operands.X, operands.Column(i), beta, expected[i])
                : PromisedOrder.Lanes(alpha, operands.Row(i), operands.X, beta, expected[i]);
        foreach (SimdLevel level in Levels.All)
            Bits.AssertSame(expected, Run(level, operands, alpha, beta),
                $"{operands.M}×{operands.N} {operands.Transpose} {level}, alpha {alpha}, beta {beta}");
    }

    private static float Scaled(float beta, float y) => beta == 0 ? 0 : beta * y;

    private static IEnumerable<(int M, int N)> SmallShapes() =>
        from m in Enumerable.Range(0, 19)
        from n in Enumerable.Range(0, 36)
        select (m, n);

    private sealed record Operands(Transpose Transpose, int M, int N, float[] A, int Lda, float[] X, float[] Y)
    {
        public float[] Row(int index) => [.. Enumerable.Range(0, N).Select(column => A[index * Lda + column])];

        public float[] Column(int index) => [.. Enumerable.Range(0, M).Select(row => A[row * Lda + index])];
    }
}
