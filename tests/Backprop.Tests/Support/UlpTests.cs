using Xunit;

namespace Backprop.Tests.Support;

/// <summary>The ruler itself: a bound proved with a wrong ruler proves nothing.</summary>
public class UlpTests
{
    [Theory]
    [InlineData(1.0, 1.0 / (1 << 23))]
    [InlineData(-1.0, 1.0 / (1 << 23))]
    [InlineData(0.99, 1.0 / (1 << 24))]
    [InlineData(1.99, 1.0 / (1 << 23))]
    [InlineData(0.0, 1.4012984643248171e-45)]
    [InlineData(1e-40, 1.4012984643248171e-45)]
    [InlineData(1.1754943508222875e-38, 1.4012984643248171e-45)]
    [InlineData(2.350988701644575e-38, 2.802596928649634e-45)]
    [InlineData(3.4028234663852886e38, 2.028240960365167e31)]
    [InlineData(double.PositiveInfinity, 2.028240960365167e31)]
    public void Spacing_is_that_of_single_precision_numbers_at_the_value(double value, double spacing) =>
        Assert.Equal(spacing, Ulp.Spacing(value));

    [Fact]
    public void Error_counts_the_distance_in_spacings()
    {
        Assert.Equal(0, Ulp.Error(1, 1));
        Assert.Equal(1, Ulp.Error(MathF.BitIncrement(1), 1));
        Assert.Equal(0.5, Ulp.Error(MathF.BitDecrement(1), 1));
        Assert.Equal(0.25, Ulp.Error(1, 1 + 0.25 / (1 << 23)));
        Assert.Equal(1, Ulp.Error(float.Epsilon, 0));
        Assert.Equal(3, Ulp.Error(0, 3 * Ulp.SmallestSpacing));
    }

    [Fact]
    public void Error_takes_infinity_for_the_number_after_the_largest()
    {
        Assert.Equal(0, Ulp.Error(float.PositiveInfinity, 1e39));
        Assert.Equal(0, Ulp.Error(float.PositiveInfinity, double.PositiveInfinity));
        Assert.Equal(1, Ulp.Error(float.PositiveInfinity, float.MaxValue));
        Assert.Equal(1, Ulp.Error(float.MaxValue, 1e39));
        Assert.True(Ulp.Error(float.PositiveInfinity, 1e38) > 1e6);
        Assert.True(Ulp.Error(float.NegativeInfinity, 1e39) > 1e6);
    }

    [Fact]
    public void Error_of_NaN_is_zero_only_where_NaN_is_true()
    {
        Assert.Equal(0, Ulp.Error(float.NaN, double.NaN));
        Assert.Equal(double.PositiveInfinity, Ulp.Error(float.NaN, 1));
        Assert.Equal(double.PositiveInfinity, Ulp.Error(1, double.NaN));
    }
}
