using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using FsCheck.Xunit;
using Xunit;

namespace Backprop.Tests.Kernels;

public class CrossEntropyFromLogitsTests
{
    [Fact]
    public void Matches_log_sum_exp_in_double()
    {
        foreach (int columns in new[] { 1, 2, 3, 10, 16, 17, 100, 333, 1_000, 32_000 })
            foreach (float range in new[] { 0.01f, 1f, 10f, 80f, 1_000f, 1e38f })
                CompareWithReference(rows: 3, columns, range, seed: columns);
    }

    [Property(MaxTest = 300)]
    public void Matches_log_sum_exp_in_double_at_any_shape(byte rows, byte columns, byte range, int seed) =>
        CompareWithReference(rows % 16 + 1, columns + 1, range / 4f, seed);

    [Property(MaxTest = 200)]
    public void Class_indices_are_one_hot_targets_to_the_bit(byte rows, byte columns, int seed)
    {
        int m = rows % 16;
        int n = columns + 1;
        float[] z = Inputs.Uniform(seed, m * n, -20, 20);
        int[] classes = Inputs.Classes(seed, m, n);
        foreach (SimdLevel level in Levels.All)
            Bits.AssertSame(Kernel.CrossEntropyFromLogits(level, z, classes, m, n),
                Kernel.CrossEntropyFromLogits(level, z, Inputs.OneHot(classes, n), m, n), $"{m}×{n}, seed {seed}, {level}");
    }

    [Fact]
    public void Stays_finite_for_logits_up_to_1e38()
    {
        foreach (SimdLevel level in Levels.All)
        {
            Assert.Equal(2e38f, Kernel.CrossEntropyFromLogits(level, [1e38f, -1e38f], [1], 1, 2), 1e32f);
            Bits.AssertSame(0, Kernel.CrossEntropyFromLogits(level, [1e38f, -1e38f], [0], 1, 2), $"{level}");
            // The mean of rows whose sum is beyond the largest single-precision number.
            float[] three = [1e38f, -1e38f, 1e38f, -1e38f, 1e38f, -1e38f];
            Assert.Equal(2e38f, Kernel.CrossEntropyFromLogits(level, three, [1, 1, 1], 3, 2), 1e32f);
        }
    }

    [Fact]
    public void Is_exact_where_the_result_is_known()
    {
        foreach (SimdLevel level in Levels.All)
        {
            Bits.AssertSame(0, Kernel.CrossEntropyFromLogits(level, [5], [0], 1, 1), $"one class, {level}");
            Bits.AssertSame(20_000, Kernel.CrossEntropyFromLogits(level, [10_000, -10_000], [1], 1, 2), $"far apart, {level}");
            Bits.AssertSame(MathF.Log(2), Kernel.CrossEntropyFromLogits(level, [3, 3], [1], 1, 2), $"two equal, {level}");
            Bits.AssertSame(0, Kernel.CrossEntropyFromLogits(level, [3, float.NegativeInfinity], [0], 1, 2), $"the other masked, {level}");
            Bits.AssertSame(0, Kernel.CrossEntropyFromLogits(level, [3, float.NegativeInfinity], Row(1, 0), 1, 2), $"0·∞ = 0, {level}");
            Bits.AssertSame(float.PositiveInfinity, Kernel.CrossEntropyFromLogits(level, [3, float.NegativeInfinity], [1], 1, 2),
                $"masked, {level}");
        }
    }

    [Fact]
    public void A_row_without_a_distribution_gives_NaN()
    {
        float[][] rows = [[float.NaN, 1], [1, float.NaN], [float.PositiveInfinity, 1], [float.NegativeInfinity, float.NegativeInfinity]];
        foreach (SimdLevel level in Levels.All)
        {
            foreach (float[] row in rows)
            {
                Assert.Equal(float.NaN, Kernel.CrossEntropyFromLogits(level, [1, 2, .. row], [1, 1], 2, 2));
                Assert.Equal(float.NaN, Kernel.CrossEntropyFromLogits(level, [1, 2, .. row], Row(0, 1, 0, 1), 2, 2));
            }
        }
    }

    [Fact]
    public void Refuses_operands_that_do_not_fit()
    {
        float[] twenty = Inputs.Probabilities(1, 4, 5);
        int[] classes = new int[4];
        Refusal.Of<ArgumentException>("z", () => Kernel.CrossEntropyFromLogits(new float[19], twenty, 4, 5), 4, 5, 20, 19);
        Refusal.Of<ArgumentException>("z", () => Kernel.CrossEntropyFromLogits(new float[19], classes, 4, 5), 4, 5, 20, 19);
        Refusal.Of<ArgumentException>("targets", () => Kernel.CrossEntropyFromLogits(twenty, new float[21], 4, 5), 4, 5, 20, 21);
        Refusal.Of<ArgumentException>("classes", () => Kernel.CrossEntropyFromLogits(twenty, new int[3], 4, 5), 4, 3);
        Refusal.Of<ArgumentOutOfRangeException>("rows", () => Kernel.CrossEntropyFromLogits([], twenty, -1, 5), -1, 0);
        Refusal.Of<ArgumentOutOfRangeException>("columns", () => Kernel.CrossEntropyFromLogits([], classes, 4, 0), 0, 1);
    }

    [Fact]
    public void Refuses_targets_that_are_no_distribution() =>
        TargetRefusals.Check(targets => Kernel.CrossEntropyFromLogits(new float[6], targets, 2, 3));

    [Fact]
    public void Refuses_classes_outside_the_columns() =>
        TargetRefusals.CheckClasses(classes => Kernel.CrossEntropyFromLogits(new float[6], classes, 2, 3));

    private static float[] Row(params float[] values) => values;

    private static void CompareWithReference(int rows, int columns, float range, int seed)
    {
        float[] z = Inputs.Uniform(seed, rows * columns, -range, range);
        float[] targets = Inputs.Probabilities(seed + 1, rows, columns);
        int[] classes = Inputs.Classes(seed + 2, rows, columns);
        CompareCost(z, ReferenceKernels.Widen(targets), Kernel.CrossEntropyFromLogits(z, targets, rows, columns), columns,
            $"targets, seed {seed}");
        CompareCost(z, ReferenceKernels.OneHot(classes, columns), Kernel.CrossEntropyFromLogits(z, classes, rows, columns), columns,
            $"classes, seed {seed}");
    }

    /// <summary>
    /// The magnitude of a row is the larger of its largest |z| and its cost, or max − Σ y z + ln n, which no shift changes, where that is
    /// smaller; averaged over the rows.
    /// </summary>
    private static void CompareCost(float[] z, double[] targets, float cost, int columns, string context)
    {
        int rows = z.Length / columns;
        double[] wide = ReferenceKernels.Widen(z);
        double expected = ReferenceKernels.CrossEntropyFromLogits(wide, targets, rows, columns);
        double magnitude = 0;
        for (int row = 0; row < rows; row++)
        {
            double[] logits = wide[(row * columns)..((row + 1) * columns)];
            double rowCost = ReferenceKernels.CrossEntropyFromLogits(logits, targets.AsSpan(row * columns, columns), 1, columns);
            double largest = logits.Max();
            double distance = logits.Select((logit, column) => targets[row * columns + column] * (largest - logit)).Sum();
            magnitude += Math.Min(Math.Max(rowCost, logits.Max(Math.Abs)), distance + Math.Log(columns)) / rows;
        }
        double bound = (2 + columns / 32.0) * Ulp.Epsilon * magnitude;
        Expect.That(float.IsFinite(cost) && Math.Abs(cost - expected) <= bound,
            $"{rows}×{columns}, {context}: {cost:R}, expected {expected:R} within {bound:R}");
    }
}
