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
