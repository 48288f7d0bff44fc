using System.Numerics.Tensors;
using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

public class BiasSigmoidTests
{
    [Fact]
    public void Is_the_sigmoid_of_the_rounded_sum_to_the_bit()
    {
        foreach (int rows in new[] { 1, 2, 3, 5 })
            for (int columns = 1; columns <= 130; columns++)
                CompareWithSigmoid(rows, columns);
        CompareWithSigmoid(17, 333);
    }

    [Fact]
    public void Destination_may_be_z()
    {
        foreach (SimdLevel level in Levels.All)
        {
            float[] z = Inputs.Uniform(1, 7 * 19, -5, 5);
            float[] bias = Inputs.Uniform(2, 19, -5, 5);
            float[] expected = new float[z.Length];
            Kernel.BiasSigmoid(SimdLevel.Scalar, z, bias, 7, 19, expected);
            Kernel.BiasSigmoid(level, z, bias, 7, 19, z);
            Bits.AssertSame(expected, z, $"in place, {level}");
        }
    }

    [Fact]
    public void Refuses_operands_that_do_not_fit()
    {
        float[] four = new float[4];
        float[] five = new float[5];
        float[] twenty = new float[20];
        Refusal.Of<ArgumentException>("z", () => Kernel.BiasSigmoid(new float[19], five, 4, 5, twenty), 4, 5, 20, 19);
        Refusal.Of<ArgumentException>("bias", () => Kernel.BiasSigmoid(twenty, four, 4, 5, twenty), 5, 4);
        Refusal.Of<ArgumentException>("destination", () => Kernel.BiasSigmoid(twenty, five, 4, 5, new float[21]), 4, 5, 20, 21);
        Refusal.Of<ArgumentOutOfRangeException>("rows", () => Kernel.BiasSigmoid([], five, -1, 5, []), -1, 0);
        Refusal.Of<ArgumentOutOfRangeException>("columns", () => Kernel.BiasSigmoid([], [], 4, -5, []), -5, 0);
        Refusal.Of<ArgumentException>("z", () => Kernel.BiasSigmoid([], [], 1 << 16, 1 << 16, []), 65_536, 1L << 32);
    }

    [Fact]
    public void Refuses_a_partial_overlap()
    {
        float[] values = new float[64];
        Refusal.Of<ArgumentException>("destination", () =>
            Kernel.BiasSigmoid(values.AsSpan(0, 20), new float[5], 4, 5, values.AsSpan(1, 20)));
        Refusal.Of<ArgumentException>("destination", () =>
            Kernel.BiasSigmoid(new float[20], values.AsSpan(0, 5), 4, 5, values.AsSpan(0, 20)));
    }

    private static void CompareWithSigmoid(int rows, int columns)
    {
        float[] z = Inputs.WithSpecialValues(rows * 1_000 + columns, rows * columns);
        float[] bias = Inputs.Uniform(columns, columns, -20, 20);
        float[] expected = new float[z.Length];
        for (int row = 0; row < rows; row++)
            TensorPrimitives.Add(z.AsSpan(row * columns, columns), bias, expected.AsSpan(row * columns, columns));
        Kernel.Sigmoid(SimdLevel.Scalar, expected, expected);
        foreach (SimdLevel level in Levels.All)
        {
            float[] destination = new float[z.Length];
            Kernel.BiasSigmoid(level, z, bias, rows, columns, destination);
            Bits.AssertSame(expected, destination, $"{rows}×{columns} {level}");
        }
    }
}
