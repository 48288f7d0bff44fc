using System.Runtime.Intrinsics;
using Backprop.Simd;
using Xunit;

namespace Backprop.Tests.Simd;

public class SimdSupportTests
{
    [Fact]
    public void Levels_are_those_the_runtime_accelerates()
    {
        Assert.True(SimdSupport.IsSupported(SimdLevel.Scalar));
        Assert.Equal(Vector128.IsHardwareAccelerated, SimdSupport.IsSupported(SimdLevel.V128));
        Assert.Equal(Vector256.IsHardwareAccelerated, SimdSupport.IsSupported(SimdLevel.V256));
        Assert.Equal(Vector512.IsHardwareAccelerated, SimdSupport.IsSupported(SimdLevel.V512));
        Assert.False(SimdSupport.IsSupported((SimdLevel)4));
    }

    [Fact]
    public void Widest_is_the_last_supported_level() =>
        Assert.Equal(Enum.GetValues<SimdLevel>().Last(SimdSupport.IsSupported), SimdSupport.Widest);

    [Theory]
    [InlineData(SimdLevel.Scalar, "scalar")]
    [InlineData(SimdLevel.V128, "v128")]
    [InlineData(SimdLevel.V256, "v256")]
    [InlineData(SimdLevel.V512, "v512")]
    public void Names_are_read_back_in_any_case(SimdLevel level, string name)
    {
        Assert.Equal(name, level.ToName());
        Assert.True(SimdSupport.TryParse(name, out SimdLevel lower));
        Assert.True(SimdSupport.TryParse(name.ToUpperInvariant(), out SimdLevel upper));
        Assert.Equal((level, level), (lower, upper));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("256")]
    [InlineData("v1024")]
    [InlineData(" v256")]
    [InlineData("auto")]
    public void Other_names_are_not_read(string? name)
    {
        Assert.False(SimdSupport.TryParse(name, out SimdLevel level));
        Assert.Equal(SimdLevel.Scalar, level);
    }

    [Fact]
    public void A_number_that_is_no_level_has_no_name() =>
        Assert.Equal("level", Assert.Throws<ArgumentOutOfRangeException>(() => ((SimdLevel)9).ToName()).ParamName);
}
