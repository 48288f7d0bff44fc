using System.Reflection;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Simd;

/// <summary>The cap is one for the whole process: these tests run while no other does, and put it back.</summary>
[Collection(ProcessWide.Name)]
public sealed class SimdCapTests : IDisposable
{
    private readonly SimdLevel? _capBefore = SimdSupport.Cap;

    public void Dispose() => SimdSupport.Cap = _capBefore;

    [Fact]
    public void Without_a_cap_the_widest_level_is_used()
    {
        SimdSupport.Cap = null;
        Assert.Equal(SimdSupport.Widest, SimdSupport.Current);
        Assert.Null(SimdSupport.Cap);
    }

    [Fact]
    public void A_cap_narrows_the_level_and_never_widens_it()
    {
        foreach (SimdLevel cap in Enum.GetValues<SimdLevel>())
        {
            SimdSupport.Cap = cap;
            Assert.Equal(cap, SimdSupport.Cap);
            Assert.Equal(cap < SimdSupport.Widest ? cap : SimdSupport.Widest, SimdSupport.Current);
        }
    }

    [Fact]
    public void A_cap_that_is_no_level_is_refused_and_changes_nothing()
    {
        SimdSupport.Cap = SimdLevel.Scalar;
        Assert.Equal("value", Assert.Throws<ArgumentOutOfRangeException>(() => SimdSupport.Cap = (SimdLevel)4).ParamName);
        Assert.Equal(SimdLevel.Scalar, SimdSupport.Current);
    }

    [Fact]
    public void The_explanation_names_the_level_and_the_reason()
    {
        SimdSupport.Cap = null;
        Assert.StartsWith($"{SimdSupport.Widest.ToName()}: ", SimdSupport.Explain(), StringComparison.Ordinal);
        SimdSupport.Cap = SimdLevel.Scalar;
        Assert.StartsWith("scalar: ", SimdSupport.Explain(), StringComparison.Ordinal);
        Assert.Contains(SimdSupport.Widest.ToName(), SimdSupport.Explain(), StringComparison.Ordinal);
        Assert.Contains("cap", SimdSupport.Explain(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "scalar", SimdLevel.Scalar)]
    [InlineData(null, "V128", SimdLevel.V128)]
    [InlineData("scalar", "v128", SimdLevel.Scalar)]
    [InlineData(null, null, null)]
    public void The_first_cap_comes_from_the_setting_and_then_from_the_environment(string? setting, string? environment, SimdLevel? cap)
    {
        Type fresh = LoadAnew(setting, environment);
        Assert.Equal(cap, Read(fresh, nameof(SimdSupport.Cap)));
        SimdLevel? widest = Read(fresh, nameof(SimdSupport.Widest));
        Assert.Equal(cap < widest ? cap : widest, Read(fresh, nameof(SimdSupport.Current)));
    }

    [Fact]
    public void A_setting_that_is_no_name_is_ignored_and_explained()
    {
        Type fresh = LoadAnew(null, "v1024");
        Assert.Null(Read(fresh, nameof(SimdSupport.Cap)));
        Assert.Contains("'v1024'", (string)fresh.GetMethod(nameof(SimdSupport.Explain))!.Invoke(null, null)!, StringComparison.Ordinal);
    }

    private static Type LoadAnew(string? setting, string? environment) => FreshLibrary.Load(
        typeof(SimdSupport), SimdSupport.SwitchName, setting, SimdSupport.EnvironmentVariable, environment,
        fresh => Read(fresh, nameof(SimdSupport.Cap)));

    /// <summary>The value of the fresh copy's property as this copy's level: the enumerations of the two are different types.</summary>
    private static SimdLevel? Read(Type type, string property) =>
        type.GetProperty(property, BindingFlags.Public | BindingFlags.Static)!.GetValue(null) is { } value
            ? (SimdLevel)Convert.ToInt32(value, null) : null;
}
