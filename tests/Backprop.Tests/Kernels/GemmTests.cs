using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>The bits of the product: exact results, the promised order of operations, and what must not be read or written.</summary>
public class GemmTests
{
    private static readonly float[] Alphas = [0, 1, 0.7f, -1];
    private static readonly float[] Betas = [0, 1, 1.3f];

    // Tiles have up to 6, 9 (Arm64), 10 or 12 rows and 2 to 32 columns; blocks 256 or 512 of k: sizes on both sides of all of them.
    private static readonly (int M, int N, int K)[] AwkwardShapes =
    [
        (17, 31, 100), (31, 17, 333), (100, 31, 17), (333, 17, 31), (64, 100, 1), (1, 100, 333), (100, 1, 333), (13, 33, 257),
        (12, 32, 256), (11, 63, 255), (25, 65, 513), (5, 130, 600), (4, 47, 100), (7, 37, 1_500), (3, 2_100, 5), (9, 1_025, 33),
        (500, 17, 9), (241, 66, 40), (49, 140, 520),
        (64, 10, 100), (33, 15, 40), (33, 3, 17), (32, 21, 512), (6, 9, 96), (29, 10, 470),
        (33, 9, 528), (1, 1_030, 520),
        // sums over lanes, more of B than rows of A meet at once; the first k that has them for 12 rows, and the last that has not
        (13, 217, 500), (12, 40, 96), (12, 40, 95),
    ];

    // Few columns: A turned round in registers for up to 4, every rest of four steps, dots and chains with a transposed B, Aᵀ b.
    private static readonly (int M, int N, int K)[] NarrowShapes =
    [
        (38, 1, 50), (37, 1, 19), (50, 2, 47), (2, 2, 40), (37, 2, 23), (129, 3, 100), (33, 3, 19), (70, 4, 50), (66, 4, 61), (17, 4, 3),
        (34, 5, 83), (70, 7, 113), (45, 8, 130), (67, 6, 515), (1_200, 3, 520),
    ];

    // Over 7 · 2²⁰ multiply-adds and more than 7 tiles either way, or fewer threads would be used than the test asks for.
    private static readonly (int M, int N, int K)[] ThreadedShapes = [(129, 333, 200), (401, 150, 130), (32, 500, 513), (7_001, 6, 200), (9_001, 3, 300)];

    /// <summary>Shapes of several blocks, copied and in place: extra elements between the rows decide which rows collide in the caches. Each
    /// says what one of its transpositions does on all of three machines; <see cref="GemmPlanTests"/> asks the plans.</summary>
    internal static readonly (int M, int N, int K, int Extra, string[] Ways)[] LargeShapes =
    [
        // few rows read all of a B that L3 does not hold, which is prefetched from tile to tile
        (7, 2_100, 2_000, 3, ["prefetches B in place, few tiles", "A Scaled", "several depths"]),
        (14, 509, 1_100, 3, ["B Transposed", "several depths"]),
        (61, 290, 1_830, 3, ["prefetches B in place, many tiles", "prefetches Bᵀ"]),
        (48, 1_110, 473, 3, ["prefetches B in place, many tiles", "prefetches Bᵀ"]),
        // a block of copied panels has some of the columns
        (33, 4_200, 256, 3, ["B Transposed", "blocks of columns"]),
        // rows of B a page apart, or 512 elements
        (289, 1_021, 514, 3, ["B OneSet", "A Scaled", "several depths"]),
        (289, 509, 1_031, 3, ["B FewSets", "blocks of rows", "several depths"]),
        (288, 142, 3_700, 370, ["B FewSets", "blocks of rows", "several depths"]),
        // the same with fewer rows, which are enough for narrow tiles alone; the last panel has 29 columns, or 5
        (201, 509, 1_100, 3, ["A Scaled", "several depths"]),
        (201, 485, 1_100, 27, ["A Scaled", "several depths"]),
        (201, 509, 1_000, 3, ["A Scaled", "blocks of rows", "several depths"]),
        // rows of A a page apart; an A of short pieces, for tiles of few rows
        (270, 257, 1_021, 3, ["A OneSet", "blocks of rows", "several depths"]),
        (30, 1_100, 2_045, 3, ["A OneSet", "several depths"]),
        (288, 290, 1_830, 3, ["blocks of rows", "several depths"]),
        (252, 260, 1_030, 4, ["blocks of rows", "prefetches B in place, many tiles"]),
        (301, 1_110, 473, 3, ["A Scaled", "blocks of rows", "prefetches Bᵀ"]),
        // the last block is shorter, and has a wider stride than the others where it is copied
        (352, 900, 600, 3, ["blocks of rows", "several depths"]),
        (41, 300, 481, 3, ["A Scaled", "B Transposed"]),
        (41, 70, 993, 3, ["A Scaled", "several depths"]),
        (509, 260, 60, 3, ["A Scaled"]),
        // a large C and few steps
        (541, 970, 33, 3, ["prefetches C", "A Scaled"]),
    ];

    [Fact]
    public void Small_integers_give_exact_results()
    {
        // Sums below 333 · 8² · 2 + 3 · 8 = 42,648 < 2²⁴.
        foreach ((int m, int n, int k) in SmallShapes(9, 5).Concat(AwkwardShapes.Where(shape => shape.K <= 333)))
        {
            foreach (GemmProblem problem in GemmProblem.Transpositions(m, n, k))
            {
                GemmProblem whole = problem with { LargestInteger = 8, Alpha = (m + n) % 2 == 0 ? 1 : -2, Beta = k % 3 - 1, Extra = n % 3 };
                float[] expected = IntegerProduct(whole);
                // Values, not bits: −1 · 0 has a sign that whole numbers do not.
                foreach (SimdLevel level in Levels.All)
                    Expect.That(expected.AsSpan().SequenceEqual(whole.Run(level)), $"{whole} {level}");
            }
        }
    }

    [Fact]
    public void Every_element_is_one_chain_at_all_small_shapes()
    {
        int turn = 0;
        foreach ((int m, int n, int k) in SmallShapes(9, 5))
            foreach (GemmProblem problem in GemmProblem.Transpositions(m, n, k))
                AssertPromisedBits(problem with { Alpha = Alphas[turn % 4], Beta = Betas[turn++ % 3], Extra = turn % 5, Seed = turn });
    }

    [Fact]
    public void Every_element_is_one_chain_at_all_factors()
    {
        foreach (GemmProblem problem in GemmProblem.Transpositions(7, 19, 23).Concat(GemmProblem.Transpositions(3, 35, 18)))
            foreach (float alpha in Alphas)
                foreach (float beta in Betas)
                    AssertPromisedBits(problem with { Alpha = alpha, Beta = beta, Extra = 5 });
    }

    [Fact]
    public void Every_element_is_one_chain_at_awkward_shapes()
    {
        foreach ((int m, int n, int k) in AwkwardShapes)
            foreach (GemmProblem problem in GemmProblem.Transpositions(m, n, k))
                AssertPromisedBits(problem with { Alpha = k % 2 == 0 ? 1 : 0.7f, Beta = n % 2 == 0 ? 0 : 1.3f, Extra = m % 2 * 3 });
    }

    [Fact]
    public void Every_element_is_one_chain_or_one_tree_where_columns_are_few()
    {
        foreach ((int m, int n, int k) in NarrowShapes)
            foreach (GemmProblem problem in GemmProblem.Transpositions(m, n, k))
                foreach ((float alpha, float beta, int extra) in new[] { (1f, 0f, 0), (1f, 1.3f, 3), (0.7f, 1f, 0) })
                    AssertPromisedBits(problem with { Alpha = alpha, Beta = beta, Extra = extra });
    }

    /// <summary>The products of one of the large shapes. <see cref="GemmPlanTests"/> has what their plans are to reach.</summary>
    internal static IEnumerable<GemmProblem> Large(int m, int n, int k, int extra) =>
        GemmProblem.Transpositions(m, n, k).Select(problem => problem with { Alpha = m % 2 == 0 ? 1 : 0.7f, Beta = 1.3f, Extra = extra });

    [Fact]
    public void Every_element_is_one_chain_where_operands_are_packed_or_taken_in_blocks()
    {
        // all processors: by itself this test is longer than the others together
        Parallel.ForEach(LargeShapes.SelectMany(shape => Large(shape.M, shape.N, shape.K, shape.Extra).Index()), product =>
        {
            (int index, GemmProblem scaled) = product;
            float[] expected = scaled.Expected();
            // in software vectors take minutes: one transposition of each
            foreach (SimdLevel level in Levels.All.Where(level => index == 0 || SimdSupport.IsSupported(level)))
                Bits.AssertSame(expected, scaled.Run(level), $"{scaled} {level}");
            Bits.AssertSame(expected, scaled.Run(SimdSupport.Current, 3), $"{scaled}, 3 threads");
        });
    }

    [Fact]
    public void Sums_of_negative_products_that_underflow_are_minus_zero()
    {
        // fma(−10⁻³⁰, 10⁻³⁰, ±0) is −0: a lane that a width does not fill at the end of a row must not make +0 of it.
        foreach (int m in new[] { 1, 2, 3, 4, 5, 6, 7, 8, 35 })
        {
            foreach (int n in new[] { 1, 2, 3, 4, 7 })
            {
                foreach (int k in new[] { 1, 15, 16, 17, 20, 31, 130, 140, 144 })
                {
                    GemmProblem problem = new(Transpose.No, Transpose.Yes, m, n, k);
                    float[] a = Inputs.Filled(m * k, -1e-30f);
                    float[] b = Inputs.Filled(n * k, 1e-30f);
                    foreach (SimdLevel level in Levels.All)
                        Bits.AssertSame(problem.Expected(a, b, problem.C), problem.Run(level, a, b, problem.C), $"{problem} {level}");
                }
            }
        }
    }

    /// <summary>Every number of rows of A at once, every rest of rows of B, every rest of k behind no, one and several turns of the longest
    /// loop (three steps of 16), C written along rows and, with fewer columns than rows, along columns.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(48)]
    [InlineData(112)]
    public void Rows_against_rows_of_B_transposed_at_every_rest(int whole)
    {
        foreach (int m in new[] { 1, 2, 3, 4, 5, 6, 7, 11 })
        {
            foreach (int n in new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 15 })
            {
                for (int rest = 1; rest <= 32; rest += Levels.HardwareAccelerated ? 1 : 5)
                {
                    int k = whole + rest;
                    GemmProblem problem = new(Transpose.No, Transpose.Yes, m, n, k)
                    {
                        Alpha = 0.7f,
                        Beta = rest % 2 * 1.3f,
                        Extra = rest % 3,
                    };
                    float[] expected = problem.Expected();
                    foreach (SimdLevel level in Levels.All)
                        Bits.AssertSame(expected, problem.Run(level), $"{problem} {level}");
                }
            }
        }
    }

    [Theory]
    [InlineData(Transpose.Yes, 1f)]
    [InlineData(Transpose.Yes, 0.7f)]
    [InlineData(Transpose.No, 1f)]
    public void A_thread_keeps_no_more_than_4_5_MB_for_a_high_and_narrow_product(Transpose transposeA, float alpha)
    {
        const int MostBytes = 9 << 19;
        GemmProblem problem = new(transposeA, Transpose.No, 250_003, 5, 17) { Alpha = alpha, Beta = 1.3f };
        (float[] a, float[] b, float[] c) = (problem.A, problem.B, problem.C);
        long allocated = 0;
        Thread thread = new(() =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            problem.Run(SimdSupport.Current, a, b, c);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        thread.Start();
        thread.Join();
        Assert.InRange(allocated, 0, MostBytes);
        Bits.AssertSame(problem.Expected(), c, $"{problem}");
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        foreach ((int m, int n, int k) in ThreadedShapes)
        {
            foreach (GemmProblem problem in GemmProblem.Transpositions(m, n, k).Take(Levels.HardwareAccelerated ? 4 : 1))
            {
                GemmProblem scaled = problem with { Alpha = 0.7f, Beta = 1.3f, Extra = 3 };
                float[] expected = scaled.Expected();
                foreach (SimdLevel level in Levels.All)
                    foreach (int threads in new[] { 1, 2, 3, 7 })
                        Bits.AssertSame(expected, scaled.Run(level, threads), $"{scaled} {level}, {threads} threads");
            }
        }
    }

    [Fact]
    public void More_threads_than_tiles_are_fine()
    {
        foreach ((int m, int n, int k) in new[] { (0, 5, 3), (1, 1, 1), (5, 5, 5), (13, 70, 40) })
            foreach (GemmProblem problem in GemmProblem.Transpositions(m, n, k))
                Bits.AssertSame(problem.Expected(), problem.Run(SimdSupport.Current, 64), $"{problem}");
    }

    [Fact]
    public void Callers_on_several_threads_at_once_do_not_disturb_each_other()
    {
        GemmProblem[] problems = [.. GemmProblem.Transpositions(130, 150, 120).Select(problem => problem with { Alpha = 0.7f })];
        float[][] expected = [.. problems.Select(problem => problem.Expected())];
        Parallel.For(0, 32, new ParallelOptions { MaxDegreeOfParallelism = 4 }, index =>
            Bits.AssertSame(expected[index % 4], problems[index % 4].Run(SimdSupport.Current, 2), $"call {index}: {problems[index % 4]}"));
    }

    [Fact]
    public void A_row_does_not_depend_on_the_rows_around_it()
    {
        // Where rows of A meet rows of B, few rows with long sums are made of dots by promise: 20 rows of 150 are not.
        foreach (GemmProblem problem in GemmProblem.Transpositions(61, 77, 150))
        {
            GemmProblem big = problem with { Alpha = 0.7f, Beta = 1.3f, Extra = 2 };
            int rows = !big.IsTransposedA && big.IsTransposedB ? 20 : 1;
            float[] whole = big.Run(SimdSupport.Current);
            foreach (SimdLevel level in Levels.All)
            {
                foreach (int first in new[] { 0, 1, 11, 12, 30, big.M - rows })
                {
                    float[] c = big.C[(first * big.Ldc)..];
                    float[] a = big.A[(big.IsTransposedA ? first : first * big.Lda)..];
                    Kernel.Gemm(level, big.TransposeA, big.TransposeB, rows, big.N, big.K, big.Alpha, a, big.Lda, big.B, big.Ldb, big.Beta,
                        c, big.Ldc);
                    for (int row = 0; row < rows; row++)
                        Bits.AssertSame(whole.AsSpan((first + row) * big.Ldc, big.N), c.AsSpan(row * big.Ldc, big.N),
                            $"{big} {level}, row {first + row}");
                }
            }
        }
    }

    [Fact]
    public void A_column_does_not_depend_on_the_columns_around_it()
    {
        // With a transposed B few columns with long sums are made of dots by promise, unless the rows are so few that all are: 21 of 300 are.
        foreach (GemmProblem problem in GemmProblem.Transpositions(21, 77, 300))
        {
            GemmProblem big = problem with { Alpha = 0.7f, Beta = 1.3f, Extra = 2 };
            float[] whole = big.Run(SimdSupport.Current);
            foreach (SimdLevel level in Levels.All)
            {
                foreach (int column in new[] { 0, 1, 15, 16, 31, 64, 76 })
                {
                    float[] c = big.C[column..];
                    float[] b = big.B[(big.IsTransposedB ? column * big.Ldb : column)..];
                    Kernel.Gemm(level, big.TransposeA, big.TransposeB, big.M, 1, big.K, big.Alpha, big.A, big.Lda, b, big.Ldb, big.Beta, c,
                        big.Ldc);
                    for (int row = 0; row < big.M; row++)
                        Bits.AssertSame(whole[row * big.Ldc + column], c[row * big.Ldc], $"{big} {level}, [{row}, {column}]");
                }
            }
        }
    }

    [Fact]
    public void Beta_zero_does_not_read_C()
    {
        foreach ((int m, int n, int k) in new[] { (1, 1, 1), (3, 17, 5), (13, 70, 300), (6, 32, 0) })
            foreach (GemmProblem problem in GemmProblem.Transpositions(m, n, k))
                foreach (float alpha in Alphas)
                    foreach (SimdLevel level in Levels.All)
                        AssertReadsNothing(problem with { Alpha = alpha }, level, (_, _, c) => Array.Fill(c, float.NaN));
    }

    [Fact]
    public void Alpha_zero_does_not_read_A_and_B()
    {
        foreach ((int m, int n, int k) in new[] { (1, 1, 1), (3, 17, 5), (13, 70, 300) })
            foreach (GemmProblem problem in GemmProblem.Transpositions(m, n, k))
                foreach (float beta in Betas)
                    foreach (SimdLevel level in Levels.All)
                        AssertReadsNothing(problem with { Alpha = 0, Beta = beta }, level, (a, b, _) =>
                        {
                            Array.Fill(a, float.NaN);
                            Array.Fill(b, float.PositiveInfinity);
                        });
    }

    [Fact]
    public void NaN_reaches_its_row_or_column_and_nothing_else()
    {
        foreach (GemmProblem problem in GemmProblem.Transpositions(14, 37, 20))
        {
            foreach (SimdLevel level in Levels.All)
            {
                float[] a = problem.A;
                float[] b = problem.B;
                a[problem.IsTransposedA ? 3 * problem.Lda + 8 : 8 * problem.Lda + 3] = float.NaN;
                b[problem.IsTransposedB ? 33 * problem.Ldb + 4 : 4 * problem.Ldb + 33] = float.NaN;
                float[] expected = problem.Expected();
                for (int i = 0; i < problem.M; i++)
                    for (int j = 0; j < problem.N; j++)
                        if (i == 8 || j == 33)
                            expected[i * problem.Ldc + j] = float.NaN;
                Bits.AssertSame(expected, problem.Run(level, a, b, problem.C), $"{problem} {level}");
            }
        }
    }

    [Fact]
    public void Nothing_reduced_leaves_beta_C()
    {
        foreach (GemmProblem problem in GemmProblem.Transpositions(5, 21, 0))
        {
            foreach (SimdLevel level in Levels.All)
            {
                Bits.AssertSame(problem.C, (problem with { Beta = 1 }).Run(level), $"{problem} {level}, beta = 1");
                Bits.AssertSame(new float[problem.M * problem.N], (problem with { Beta = 0 }).Run(level), $"{problem} {level}, beta = 0");
            }
        }
    }

    [Fact]
    public void Refuses_sizes_and_strides_that_do_not_fit()
    {
        Refusal.Of<ArgumentOutOfRangeException>("m", () => Gemm(m: -1), -1, 0);
        Refusal.Of<ArgumentOutOfRangeException>("n", () => Gemm(n: -2), -2, 0);
        Refusal.Of<ArgumentOutOfRangeException>("k", () => Gemm(k: -3), -3, 0);
        Refusal.Of<ArgumentOutOfRangeException>("threads", () => Gemm(threads: 0), 0, 1);
        Refusal.Of<ArgumentOutOfRangeException>("lda", () => Gemm(lda: 6), 6, 7);
        Refusal.Of<ArgumentOutOfRangeException>("lda", () => Gemm(transposeA: Transpose.Yes, lda: 2), 2, 3);
        Refusal.Of<ArgumentOutOfRangeException>("ldb", () => Gemm(ldb: 4), 4, 5);
        Refusal.Of<ArgumentOutOfRangeException>("ldb", () => Gemm(transposeB: Transpose.Yes, ldb: 6), 6, 7);
        Refusal.Of<ArgumentOutOfRangeException>("ldc", () => Gemm(ldc: -5), -5, 5);
        Refusal.Of<ArgumentOutOfRangeException>("ldc", () => Gemm(n: 0, ldc: 0), 0, 1);
        Refusal.Of<ArgumentOutOfRangeException>("transposeA", () => Gemm(transposeA: (Transpose)7), 7);
        Refusal.Of<ArgumentOutOfRangeException>("transposeB", () => Gemm(transposeB: (Transpose)7), 7);
    }

    [Fact]
    public void Refuses_spans_that_are_too_short()
    {
        // A 3 × 7 with a stride of 10 needs 27, B 7 × 5 with a stride of 6 needs 41, C 3 × 5 with a stride of 8 needs 21.
        Refusal.Of<ArgumentException>("a", () => Gemm(lda: 10, a: 26), 3, 7, 27, 26);
        Refusal.Of<ArgumentException>("b", () => Gemm(ldb: 6, b: 40), 7, 5, 41, 40);
        Refusal.Of<ArgumentException>("c", () => Gemm(ldc: 8, c: 20), 3, 5, 21, 20);
        // A 7 × 3 with a stride of 4 needs 27, B 5 × 7 with a stride of 9 needs 43.
        Refusal.Of<ArgumentException>("a", () => Gemm(transposeA: Transpose.Yes, lda: 4, a: 26), 7, 3, 27, 26);
        Refusal.Of<ArgumentException>("b", () => Gemm(transposeB: Transpose.Yes, ldb: 9, b: 42), 5, 7, 43, 42);
        // 2 · 2³⁰ + 7 does not fit an int.
        Refusal.Of<ArgumentException>("a", () => Gemm(lda: 1 << 30), (1L << 31) + 7, 27);
    }

    [Fact]
    public void Refuses_a_C_that_shares_elements_with_A_or_B()
    {
        float[] values = new float[100];
        float[] other = new float[100];
        Refusal.Of<ArgumentException>("c", () => Kernel.Gemm(Transpose.No, Transpose.No, 3, 3, 3, 1, values, 3, other, 3, 0, values, 3));
        Refusal.Of<ArgumentException>("c", () =>
            Kernel.Gemm(Transpose.No, Transpose.No, 3, 3, 3, 1, other, 3, values.AsSpan(8, 9), 3, 0, values, 3));
    }

    private static void Gemm(
        Transpose transposeA = Transpose.No,
        Transpose transposeB = Transpose.No,
        int m = 3,
        int n = 5,
        int k = 7,
        int lda = 7,
        int ldb = 7,
        int ldc = 5,
        int threads = 1,
        int a = 27,
        int b = 60,
        int c = 60) =>
        Kernel.Gemm(transposeA, transposeB, m, n, k, 1, new float[a], lda, new float[b], ldb, 0, new float[c], ldc, threads);

    private static void AssertPromisedBits(GemmProblem problem)
    {
        float[] expected = problem.Expected();
        foreach (SimdLevel level in Levels.All)
            Bits.AssertSame(expected, problem.Run(level), $"{problem} {level}");
    }

    private static void AssertReadsNothing(GemmProblem problem, SimdLevel level, Action<float[], float[], float[]> poison)
    {
        float[] a = problem.A;
        float[] b = problem.B;
        float[] c = problem.C;
        poison(a, b, c);
        Bits.AssertSame(problem.Expected(), problem.Run(level, a, b, c), $"{problem} {level}");
    }

    private static float[] IntegerProduct(GemmProblem problem)
    {
        float[] a = problem.A;
        float[] b = problem.B;
        float[] c = problem.C;
        for (int i = 0; i < problem.M; i++)
        {
            for (int j = 0; j < problem.N; j++)
            {
                long sum = 0;
                for (int p = 0; p < problem.K; p++)
                    sum += (long)(problem.IsTransposedA ? a[p * problem.Lda + i] : a[i * problem.Lda + p])
                        * (long)(problem.IsTransposedB ? b[j * problem.Ldb + p] : b[p * problem.Ldb + j]);
                ref float element = ref c[i * problem.Ldc + j];
                element = (long)problem.Alpha * sum + (long)problem.Beta * (long)element;
            }
        }
        return c;
    }

    private static IEnumerable<(int M, int N, int K)> SmallShapes(int largestSide, int largestDepth) =>
        from m in Enumerable.Range(0, largestSide + 1)
        from n in Enumerable.Range(0, largestSide + 1)
        from k in Enumerable.Range(0, largestDepth + 1)
        select (m, n, k);
}
