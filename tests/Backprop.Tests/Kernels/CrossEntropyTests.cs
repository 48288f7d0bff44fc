using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using FsCheck.Xunit;
using Xunit;

namespace Backprop.Tests.Kernels;

public class CrossEntropyTests
{
    [Property(MaxTest = 200)]
    public void Matches_the_reference(byte rows, byte columns, int seed)
    {
        int m = rows % 16 + 1;
        int n = columns + 1;
        float[] activations = Inputs.Probabilities(seed, m, n);
        float[] targets = Inputs.Probabilities(seed + 1, m, n);
        double expected = ReferenceKernels.CrossEntropy(ReferenceKernels.Widen(activations), ReferenceKernels.Widen(targets), m, n);
        // The terms are all positive: each logarithm within 1 ULP (2u), a product (u), sixteen chains and a tree of 4: (7 + n/16) u, the
        // result u. With u = ε/2: (4 + n/32) ε.
        Assert.InRange(Kernel.CrossEntropy(activations, targets, m, n), expected * (1 - (4 + n / 32.0) * Ulp.Epsilon),
            expected * (1 + (4 + n / 32.0) * Ulp.Epsilon));
    }

    [Property(MaxTest = 200)]
    public void Class_indices_are_one_hot_targets_to_the_bit(byte rows, byte columns, int seed)
    {
        int m = rows % 16;
        int n = columns + 1;
        float[] activations = Inputs.Probabilities(seed, m, n);
        int[] classes = Inputs.Classes(seed, m, n);
        foreach (SimdLevel level in Levels.All)
            Bits.AssertSame(Kernel.CrossEntropy(level, activations, classes, m, n),
                Kernel.CrossEntropy(level, activations, Inputs.OneHot(classes, n), m, n), $"{m}×{n}, seed {seed}, {level}");
    }

    /// <summary>Rows longer than the buffer of logarithms, rows that fill it, and short ones of which several do not: each on its own gives its
    /// cost, and the costs add up in double.</summary>
    [Theory]
    [InlineData(3, 2_049)]
    [InlineData(3, 2_048)]
    [InlineData(5, 1_000)]
    [InlineData(450, 10)]
    public void Rows_add_up_whatever_their_length(int rows, int columns)
    {
        float[] activations = Inputs.Probabilities(1, rows, columns);
        float[] targets = Inputs.Probabilities(2, rows, columns);
        double[] costs = [.. Enumerable.Range(0, rows).Select(row => (double)Kernel.CrossEntropy(
            SimdLevel.Scalar, activations.AsSpan(row * columns, columns), targets.AsSpan(row * columns, columns), 1, columns))];
        foreach (SimdLevel level in Levels.All)
            Bits.AssertSame((float)(costs.Sum() / rows), Kernel.CrossEntropy(level, activations, targets, rows, columns), $"{level}");
    }

    [Fact]
    public void Is_exact_where_the_result_is_known()
    {
        float[] activations = [1, 0, 0, 0, 0, 1];
        int[] right = [0, 2];
        int[] wrong = [0, 1];
        foreach (SimdLevel level in Levels.All)
        {
            Bits.AssertSame(0, Kernel.CrossEntropy(level, activations, right, 2, 3), $"certain and right, {level}");
            Bits.AssertSame(0, Kernel.CrossEntropy(level, activations, Inputs.OneHot(right, 3), 2, 3), $"0·ln 0 = 0, {level}");
            Bits.AssertSame(float.PositiveInfinity, Kernel.CrossEntropy(level, activations, wrong, 2, 3), $"certain and wrong, {level}");
            Bits.AssertSame(float.PositiveInfinity, Kernel.CrossEntropy(level, activations, Inputs.OneHot(wrong, 3), 2, 3),
                $"certain and wrong, {level}");
        }
    }

    [Fact]
    public void NaN_in_the_class_asked_for_gives_NaN()
    {
        foreach (SimdLevel level in Levels.All)
            Assert.Equal(float.NaN, Kernel.CrossEntropy(level, [0.5f, float.NaN], [1], 1, 2));
    }

    [Fact]
    public void Is_the_mean_over_the_rows()
    {
        // −ln ½ in every row: the sum in double and the division give back the one row's value.
        foreach (SimdLevel level in Levels.All)
            foreach (int rows in new[] { 1, 2, 3, 7, 100, 1_000 })
                Bits.AssertSame(MathF.Log(2), Kernel.CrossEntropy(level, Inputs.Filled(2 * rows, 0.5f), new int[rows], rows, 2),
                    $"{rows} {level}");
    }

    [Fact]
    public void Refuses_operands_that_do_not_fit()
    {
        float[] twenty = Inputs.Probabilities(1, 4, 5);
        int[] classes = new int[4];
        Refusal.Of<ArgumentException>("activations", () => Kernel.CrossEntropy(new float[19], twenty, 4, 5), 4, 5, 20, 19);
        Refusal.Of<ArgumentException>("activations", () => Kernel.CrossEntropy(new float[19], classes, 4, 5), 4, 5, 20, 19);
        Refusal.Of<ArgumentException>("targets", () => Kernel.CrossEntropy(twenty, new float[21], 4, 5), 4, 5, 20, 21);
        Refusal.Of<ArgumentException>("classes", () => Kernel.CrossEntropy(twenty, new int[3], 4, 5), 4, 3);
        Refusal.Of<ArgumentOutOfRangeException>("rows", () => Kernel.CrossEntropy([], twenty, -1, 5), -1, 0);
        Refusal.Of<ArgumentOutOfRangeException>("columns", () => Kernel.CrossEntropy([], classes, 4, 0), 0, 1);
    }

    [Fact]
    public void Refuses_targets_that_are_no_distribution() =>
        TargetRefusals.Check(targets => Kernel.CrossEntropy(new float[6], targets, 2, 3));

    [Fact]
    public void Refuses_classes_outside_the_columns() =>
        TargetRefusals.CheckClasses(classes => Kernel.CrossEntropy(new float[6], classes, 2, 3));
}
