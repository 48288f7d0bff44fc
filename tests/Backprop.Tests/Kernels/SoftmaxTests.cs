using System.Numerics.Tensors;
using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using FsCheck.Xunit;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>ε is 2⁻²³ in every bound here: n/32 of it is n/16 roundings, the length of each of sixteen chains of sums.</summary>
public class SoftmaxTests
{
    private static readonly int[] Columns = [1, 2, 3, 7, 8, 10, 15, 16, 17, 31, 33, 64, 100, 333, 1_000, 32_000];

    [Fact]
    public void Rows_sum_to_1_and_elements_match_the_reference()
    {
        foreach (int columns in Columns)
            foreach (float range in new[] { 1f, 10f, 80f })
                CheckRows(rows: columns > 1_000 ? 2 : 9, columns, range);
    }

    [Property(MaxTest = 200)]
    public void Rows_sum_to_1_and_elements_match_the_reference_at_any_shape(byte rows, byte columns, byte range, int seed) =>
        CheckAgainstReference(Inputs.Uniform(seed, rows % 16 * (columns + 1), -range, range), rows % 16, columns + 1, seed);

    [Property(MaxTest = 200)]
    public void Exact_shifts_do_not_change_a_bit(byte rows, byte columns, int seed)
    {
        // Multiples of 1/16 below 2¹³ need 17 bits: the shifted logits and every difference are exact.
        int count = (rows % 8 + 1) * (columns + 1);
        float[] z = Inputs.Integers(seed, count, 1_600);
        float shift = Inputs.Integers(seed + 1, 1, 100_000)[0] / 16;
        float[] shifted = new float[count];
        for (int index = 0; index < count; index++)
        {
            z[index] /= 16;
            shifted[index] = z[index] + shift;
        }
        foreach (SimdLevel level in Levels.All)
            Bits.AssertSame(Softmax(level, z, columns + 1), Softmax(level, shifted, columns + 1), $"shift {shift}, seed {seed}, {level}");
    }

    [Fact]
    public void Equal_logits_share_equally_to_the_bit()
    {
        foreach (SimdLevel level in Levels.All)
            foreach (int columns in new[] { 1, 2, 4, 8, 16, 32, 64, 128, 256 })
                Bits.AssertSame(Inputs.Filled(columns, 1f / columns), Softmax(level, Inputs.Filled(columns, 3.7f), columns),
                    $"{columns} {level}");
    }

    [Fact]
    public void Logits_of_ten_thousand_neither_overflow_nor_vanish()
    {
        foreach (SimdLevel level in Levels.All)
        {
            Bits.AssertSame([1, 0, 0.5f, 0.5f, 0, 1], Softmax(level, [10_000, -10_000, 10_000, 10_000, -10_000, 10_000], 2), $"{level}");
            Bits.AssertSame([0.5f, 0.5f], Softmax(level, [-10_000, -10_000], 2), $"{level}");
            Bits.AssertSame([1, 0], Softmax(level, [float.MaxValue, float.MinValue], 2), $"{level}");
        }
    }

    [Fact]
    public void A_masked_class_gets_nothing_and_the_others_share_as_if_it_were_not_there()
    {
        foreach (SimdLevel level in Levels.All)
        {
            float[] activations = Softmax(level, [1.5f, float.NegativeInfinity, 1.5f, float.NegativeInfinity], 4);
            Bits.AssertSame([0.5f, 0, 0.5f, 0], activations, $"{level}");
            Bits.AssertSame([0, 1], Softmax(level, [float.NegativeInfinity, -5], 2), $"{level}");
        }
    }

    [Fact]
    public void A_row_without_a_distribution_is_NaN_and_the_other_rows_are_not_touched()
    {
        foreach (SimdLevel level in Levels.All)
            foreach (int columns in new[] { 1, 2, 5, 16, 17, 40, 100 })
                foreach (float poison in new[] { float.NaN, float.PositiveInfinity })
                    for (int place = 0; place < columns; place++)
                        CheckPoisonedRow(level, columns, row => row[place] = poison);
    }

    [Fact]
    public void A_long_row_without_a_distribution_is_NaN_and_the_other_rows_are_not_touched()
    {
        foreach (SimdLevel level in Levels.All)
            foreach (float poison in new[] { float.NaN, float.PositiveInfinity })
                foreach (int place in new[] { 0, 15, 16, 128, 143, 299 })
                    CheckPoisonedRow(level, 300, row => row[place] = poison);
    }

    [Fact]
    public void Masked_classes_change_no_other_in_a_row_of_any_length()
    {
        foreach (SimdLevel level in Levels.All)
        {
            foreach (int columns in new[] { 2, 10, 16, 17, 100, 130, 300 })
            {
                // Whole sixteens are masked: each of the sixteen sums keeps its order.
                float[] z = Inputs.Uniform(columns, 3 * columns, -10, 10);
                float[] masked = new float[3 * (columns + 32)];
                masked.AsSpan().Fill(float.NegativeInfinity);
                for (int row = 0; row < 3; row++) z.AsSpan(row * columns, columns).CopyTo(masked.AsSpan(row * (columns + 32) + 32));
                float[] expected = Softmax(level, z, columns);
                float[] activations = Softmax(level, masked, columns + 32);
                for (int row = 0; row < 3; row++)
                {
                    Span<float> actual = activations.AsSpan(row * (columns + 32), columns + 32);
                    Bits.AssertSame(new float[32], actual[..32], $"masked, row {row} of {columns}, {level}");
                    Bits.AssertSame(expected.AsSpan(row * columns, columns), actual[32..], $"row {row} of {columns}, {level}");
                }
            }
        }
    }

    [Fact]
    public void Many_rows_are_each_as_if_alone()
    {
        foreach (SimdLevel level in Levels.All)
        {
            foreach (int columns in new[] { 1, 3, 8, 10, 16, 17, 100, 127, 128, 130 })
            {
                float[] z = Inputs.Uniform(columns, 70 * columns, -10, 10);
                float[] together = Softmax(level, z, columns);
                float[] inPlace = [.. z];
                Kernel.Softmax(level, inPlace, 70, columns, inPlace);
                Bits.AssertSame(together, inPlace, $"in place, {columns} {level}");
                for (int row = 0; row < 70; row++)
                    Bits.AssertSame(Softmax(SimdLevel.Scalar, z.AsSpan(row * columns, columns), columns),
                        together.AsSpan(row * columns, columns), $"row {row} of {columns}, {level}");
            }
        }
    }

    [Fact]
    public void A_row_of_only_masked_classes_is_NaN_and_the_other_rows_are_not_touched()
    {
        foreach (SimdLevel level in Levels.All)
            foreach (int columns in new[] { 1, 2, 5, 16, 17, 40, 100, 130, 300 })
                CheckPoisonedRow(level, columns, row => Array.Fill(row, float.NegativeInfinity));
    }

    [Fact]
    public void A_row_does_not_depend_on_the_rows_around_it()
    {
        foreach (int columns in Columns.Where(count => count <= 1_000))
        {
            float[] z = Inputs.Uniform(columns, 5 * columns, -10, 10);
            foreach (SimdLevel level in Levels.All)
            {
                float[] together = Softmax(level, z, columns);
                for (int row = 0; row < 5; row++)
                    Bits.AssertSame(Softmax(level, z.AsSpan(row * columns, columns), columns), together.AsSpan(row * columns, columns),
                        $"row {row} of {columns} {level}");
            }
        }
    }

    [Fact]
    public void Destination_may_be_z()
    {
        foreach (SimdLevel level in Levels.All)
        {
            for (int columns = 1; columns <= 256; columns++)
            {
                float[] z = Inputs.Uniform(columns, 2 * columns, -10, 10);
                float[] expected = Softmax(SimdLevel.Scalar, z, columns);
                Kernel.Softmax(level, z, 2, columns, z);
                Bits.AssertSame(expected, z, $"in place, {columns} {level}");
            }
        }
    }

    [Fact]
    public void Agrees_with_TensorPrimitives()
    {
        float[] z = Inputs.Uniform(11, 1_000, -5, 5);
        float[] theirs = new float[z.Length];
        TensorPrimitives.SoftMax(z, theirs);
        float[] ours = Softmax(SimdSupport.Current, z, z.Length);
        // Ours: (6 + |z − max| + n/32) ε with |z − max| ≤ 10. Theirs does not subtract the maximum: exponentials within 1 ULP each way,
        // a sum of at least four lanes (n/4 roundings, n/8 ε) and a division.
        double bound = (6 + 10 + z.Length / 32.0 + 4 + z.Length / 8.0) * Ulp.Epsilon;
        for (int index = 0; index < z.Length; index++)
            Assert.InRange(Math.Abs((double)ours[index] - theirs[index]), 0, bound * ours[index]);
    }

    [Fact]
    public void Refuses_operands_that_do_not_fit()
    {
        Refusal.Of<ArgumentException>("z", () => Kernel.Softmax(new float[19], 4, 5, new float[20]), 4, 5, 20, 19);
        Refusal.Of<ArgumentException>("destination", () => Kernel.Softmax(new float[20], 4, 5, new float[19]), 4, 5, 20, 19);
        Refusal.Of<ArgumentOutOfRangeException>("rows", () => Kernel.Softmax([], -4, 5, []), -4, 0);
        Refusal.Of<ArgumentOutOfRangeException>("columns", () => Kernel.Softmax([], 4, -5, []), -5, 1);
        Refusal.Of<ArgumentOutOfRangeException>("columns", () => Kernel.Softmax([], 4, 0, []), 0, 1);
        Refusal.Of<ArgumentOutOfRangeException>("columns", () => Kernel.Softmax([], 0, 0, []), 0, 1);
        Refusal.Of<ArgumentException>("z", () => Kernel.Softmax([], 1 << 16, 1 << 16, []), 65_536, 1L << 32);
    }

    [Fact]
    public void Refuses_a_partial_overlap()
    {
        float[] values = new float[64];
        Refusal.Of<ArgumentException>("destination", () => Kernel.Softmax(values.AsSpan(0, 20), 4, 5, values.AsSpan(5, 20)));
        Refusal.Of<ArgumentException>("destination", () => Kernel.Softmax(values.AsSpan(5, 20), 4, 5, values.AsSpan(0, 20)));
    }

    private static float[] Softmax(SimdLevel level, ReadOnlySpan<float> z, int columns)
    {
        float[] activations = new float[z.Length];
        Kernel.Softmax(level, z, z.Length / columns, columns, activations);
        return activations;
    }

    private static void CheckRows(int rows, int columns, float range) =>
        CheckAgainstReference(Inputs.Uniform(columns, rows * columns, -range, range), rows, columns, columns);

    private static void CheckAgainstReference(float[] z, int rows, int columns, int seed)
    {
        float[] activations = Softmax(SimdSupport.Current, z, columns);
        double[] expected = ReferenceKernels.Softmax(ReferenceKernels.Widen(z), rows, columns);
        for (int row = 0; row < rows; row++)
        {
            double maximum = TensorPrimitives.Max(z.AsSpan(row * columns, columns));
            double sum = 0;
            for (int index = row * columns; index < (row + 1) * columns; index++)
            {
                sum += activations[index];
                double relative = (6 + (maximum - z[index]) + columns / 32.0) * Ulp.Epsilon;
                double error = Math.Abs(activations[index] - expected[index]);
                Expect.That(error <= relative * expected[index] + Ulp.SmallestSpacing,
                    $"{rows}×{columns}, seed {seed}, element {index}: {activations[index]:R}, expected {expected[index]:R}");
            }
            Expect.That(Math.Abs(sum - 1) <= (4 + columns / 32.0) * Ulp.Epsilon,
                $"{rows}×{columns}, seed {seed}, row {row} sums to {sum:R}");
        }
    }

    private static void CheckPoisonedRow(SimdLevel level, int columns, Action<float[]> poison)
    {
        float[] z = Inputs.Uniform(columns, 3 * columns, -10, 10);
        float[] expected = Softmax(SimdLevel.Scalar, z, columns);
        expected.AsSpan(columns, columns).Fill(float.NaN);
        float[] row = z[columns..(2 * columns)];
        poison(row);
        row.CopyTo(z, columns);
        Bits.AssertSame(expected, Softmax(level, z, columns), $"middle row of three of {columns}, {level}");
    }
}
