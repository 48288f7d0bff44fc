using System.Numerics.Tensors;
using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using FsCheck.Xunit;
using Xunit;

namespace Backprop.Tests.Kernels;

public class LogSoftmaxTests
{
    [Fact]
    public void Elements_match_the_reference()
    {
        foreach (int columns in new[] { 1, 2, 3, 10, 16, 17, 100, 333, 1_000, 32_000 })
            foreach (float range in new[] { 0.1f, 1f, 10f, 1_000f })
                CheckAgainstReference(Inputs.Uniform(columns, 2 * columns, -range, range), 2, columns, columns);
    }

    [Property(MaxTest = 200)]
    public void Elements_match_the_reference_at_any_shape(byte rows, byte columns, byte range, int seed) =>
        CheckAgainstReference(Inputs.Uniform(seed, rows % 16 * (columns + 1), -range, range), rows % 16, columns + 1, seed);

    [Fact]
    public void Is_exact_where_the_result_is_known()
    {
        foreach (SimdLevel level in Levels.All)
        {
            Bits.AssertSame([0], LogSoftmax(level, [12.5f], 1), $"one class, {level}");
            Bits.AssertSame([0, -20_000], LogSoftmax(level, [10_000, -10_000], 2), $"far apart, {level}");
            Bits.AssertSame([0, float.NegativeInfinity], LogSoftmax(level, [7, float.NegativeInfinity], 2), $"masked, {level}");
        }
    }

    [Fact]
    public void A_row_without_a_distribution_is_NaN_and_the_other_rows_are_not_touched()
    {
        float[][] poisons = [[float.NaN, 1, 2], [float.NaN, float.NegativeInfinity, 1], [1, float.PositiveInfinity, 2], Inputs.Filled(3, float.NegativeInfinity)];
        float[] row = [1, 2, 3];
        foreach (SimdLevel level in Levels.All)
        {
            float[] clean = LogSoftmax(level, row, 3);
            foreach (float[] poison in poisons)
                Bits.AssertSame([.. clean, float.NaN, float.NaN, float.NaN, .. clean], LogSoftmax(level, [.. row, .. poison, .. row], 3),
                    $"{level}");
        }
    }

    [Property(MaxTest = 100)]
    public void Exact_shifts_do_not_change_a_bit(byte columns, int seed)
    {
        float[] z = Inputs.Integers(seed, columns + 1, 100);
        float[] shifted = [.. z.Select(value => value + 1_000)];
        foreach (SimdLevel level in Levels.All)
            Bits.AssertSame(LogSoftmax(level, z, z.Length), LogSoftmax(level, shifted, z.Length), $"seed {seed}, {level}");
    }

    [Fact]
    public void Destination_may_be_z()
    {
        foreach (SimdLevel level in Levels.All)
        {
            for (int columns = 1; columns <= 256; columns++)
            {
                float[] z = Inputs.Uniform(columns, 2 * columns, -10, 10);
                float[] expected = LogSoftmax(SimdLevel.Scalar, z, columns);
                Kernel.LogSoftmax(level, z, 2, columns, z);
                Bits.AssertSame(expected, z, $"in place, {columns} {level}");
            }
        }
    }

    [Fact]
    public void Refuses_operands_that_do_not_fit()
    {
        Refusal.Of<ArgumentException>("z", () => Kernel.LogSoftmax(new float[19], 4, 5, new float[20]), 4, 5, 20, 19);
        Refusal.Of<ArgumentException>("destination", () => Kernel.LogSoftmax(new float[20], 4, 5, new float[21]), 4, 5, 20, 21);
        Refusal.Of<ArgumentOutOfRangeException>("rows", () => Kernel.LogSoftmax([], -4, 5, []), -4, 0);
        Refusal.Of<ArgumentOutOfRangeException>("columns", () => Kernel.LogSoftmax([], 4, 0, []), 0, 1);
        float[] values = new float[64];
        Refusal.Of<ArgumentException>("destination", () => Kernel.LogSoftmax(values.AsSpan(0, 20), 4, 5, values.AsSpan(5, 20)));
    }

    private static float[] LogSoftmax(SimdLevel level, ReadOnlySpan<float> z, int columns)
    {
        float[] logarithms = new float[z.Length];
        Kernel.LogSoftmax(level, z, z.Length / columns, columns, logarithms);
        return logarithms;
    }

    /// <summary>
    /// d = z − max and d − ln S are rounded once each: u (|d| + |d| + ln S). S = Σ exp(d): each exponential is off by 2u and by the
    /// rounding of its own d, u|d|, whose mean under the softmax is at most u ln n; sixteen chains of n/16 roundings and a tree of 4; the
    /// logarithm turns these relative errors into absolute ones and adds 1 ULP, 2u ln S. With ln S ≤ ln n, u = ε/2: (|d| + 2 ln n + 3 +
    /// n/32) ε; 4 for the second-order terms. The documentation promises (2 + n/32) ε (1 + |d| + ln n), for small rows less.
    /// </summary>
    private static double Bound(double d, int n) =>
        Math.Min(4 + d + 2 * Math.Log(n) + n / 32.0, (2 + n / 32.0) * (1 + d + Math.Log(n))) * Ulp.Epsilon;

    private static void CheckAgainstReference(float[] z, int rows, int columns, int seed)
    {
        float[] logarithms = LogSoftmax(SimdSupport.Current, z, columns);
        double[] expected = ReferenceKernels.LogSoftmax(ReferenceKernels.Widen(z), rows, columns);
        for (int row = 0; row < rows; row++)
        {
            double maximum = TensorPrimitives.Max(z.AsSpan(row * columns, columns));
            for (int index = row * columns; index < (row + 1) * columns; index++)
                Expect.That(Math.Abs(logarithms[index] - expected[index]) <= Bound(maximum - z[index], columns),
                    $"{rows}×{columns}, seed {seed}, element {index}: {logarithms[index]:R}, expected {expected[index]:R}");
        }
    }
}
