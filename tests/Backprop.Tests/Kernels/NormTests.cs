using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

public class NormTests
{
    /// <summary>Blocks of 4,096: half of (4096/16 + 5) roundings, and the last one.</summary>
    private const double RelativeBound = 132 * Ulp.Roundoff;

    [Fact]
    public void Is_exact_for_whole_numbers()
    {
        foreach (SimdLevel level in Levels.All)
        {
            Assert.Equal(0, Kernel.Norm(level, []));
            Assert.Equal(5, Kernel.Norm(level, [3, -4]));
            Assert.Equal(300, Kernel.Norm(level, Inputs.Filled(10_000, 3)));
        }
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(1e-30f)]
    [InlineData(1e-12f)]
    [InlineData(1e15f)]
    [InlineData(1e30f)]
    public void Is_within_its_bound_over_the_whole_range(float scale)
    {
        foreach (int length in new[] { 1, 15, 16, 17, 100, 4_095, 4_096, 4_097, 20_003 })
        {
            float[] x = Inputs.Uniform(length, length, -scale, scale);
            double expected = Math.Sqrt(x.Sum(value => (double)value * value));
            float norm = Kernel.Norm(SimdLevel.Scalar, x);
            Expect.That(Math.Abs(norm - expected) <= RelativeBound * expected, $"{length} elements to {scale}: {norm}, not {expected}");
            foreach (SimdLevel level in Levels.Vectors)
                Bits.AssertSame(norm, Kernel.Norm(level, x), $"{level}, {length} elements to {scale}");
        }
    }

    /// <summary>The order that the documentation promises, one number at a time; lengths around one to five blocks.</summary>
    [Fact]
    public void Blocks_of_16_lanes_are_added_in_ascending_order()
    {
        foreach (int length in new[] { 1, 17, 4_095, 4_096, 4_097, 8_191, 8_192, 8_193, 12_288, 12_305, 16_383, 16_384, 16_385, 20_480, 20_497 })
        {
            float[] x = Inputs.Uniform(length, length);
            double total = 0;
            foreach (float[] block in x.Chunk(4_096))
            {
                float[] lanes = new float[16];
                for (int j = 0; j < block.Length; j++) lanes[j % 16] = MathF.FusedMultiplyAdd(block[j], block[j], lanes[j % 16]);
                for (int half = 8; half > 0; half /= 2)
                    for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
                total += lanes[0];
            }

            foreach (SimdLevel level in Levels.All)
                Bits.AssertSame((float)Math.Sqrt(total), Kernel.Norm(level, x), $"{level}, {length} elements");
        }
    }

    /// <summary>10⁻⁴² is a subnormal number of ten bits: its multiples are off by 10⁻³ where the squares are added in single precision, and
    /// 10⁻³⁸ for their sum is an ordinary number, so that only its size tells.</summary>
    [Fact]
    public void Squares_too_small_for_single_precision_are_not_lost_in_a_sum_that_is_large_enough()
    {
        float[] x = Inputs.Filled(10_000, 1e-21f);
        double expected = 100 * (double)1e-21f;
        foreach (SimdLevel level in Levels.All)
            Assert.Equal(expected, Kernel.Norm(level, x), 2 * Ulp.Roundoff * expected);
    }

    [Fact]
    public void Special_values_come_through()
    {
        foreach (SimdLevel level in Levels.All)
        {
            Assert.Equal(float.PositiveInfinity, Kernel.Norm(level, [1, float.NegativeInfinity]));
            Assert.True(float.IsNaN(Kernel.Norm(level, [1, float.NaN, float.PositiveInfinity])));
            Assert.Equal(float.Epsilon, Kernel.Norm(level, [float.Epsilon]));
        }
    }
}
