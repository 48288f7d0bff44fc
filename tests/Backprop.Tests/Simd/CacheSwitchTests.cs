using System.Reflection;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Simd;

/// <summary>The switch is one for the whole process: these tests run while no other does. They read a copy of the library.</summary>
[Collection(ProcessWide.Name)]
public sealed class CacheSwitchTests
{
    [Theory]
    [InlineData(null, "16K,256K,3M", 16_384, 262_144, 3_145_728, "(set by BACKPROP_CACHES)")]
    [InlineData("48K,2M,64M", null, 49_152, 2_097_152, 67_108_864, "(set by Backprop.Caches)")]
    [InlineData("48K,2M,64M", "16K,256K,3M", 49_152, 2_097_152, 67_108_864, "(set by Backprop.Caches)")]
    public void Sizes_come_from_the_setting_and_then_from_the_environment(
        string? setting, string? environment, long l1, long l2, long l3, string source)
    {
        Type fresh = LoadAnew(setting, environment), machine = LoadAnew(null, null);
        Assert.Equal((l1, l2, l3), Sizes(fresh));
        Assert.EndsWith(source, Explain(fresh), StringComparison.Ordinal);
        Assert.Equal(WayAndLine(machine), WayAndLine(fresh));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData(null, "32K,512K")]
    [InlineData(null, "1M,32K,32M")]
    [InlineData("none", "16K,256K,3M")]
    public void A_value_that_makes_no_sense_is_ignored_and_explained(string? setting, string environment)
    {
        Type fresh = LoadAnew(setting, environment), machine = LoadAnew(null, null);
        Assert.Equal(Sizes(machine), Sizes(fresh));
        string explanation = Explain(fresh);
        Assert.StartsWith(Explain(machine) + "; ", explanation, StringComparison.Ordinal);
        Assert.Contains($"'{setting ?? environment}'", explanation, StringComparison.Ordinal);
        Assert.Contains("ignored", explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_switch_nothing_is_said_about_it()
    {
        string explanation = Explain(LoadAnew(null, null));
        Assert.DoesNotContain("set by", explanation, StringComparison.Ordinal);
        Assert.DoesNotContain("ignored", explanation, StringComparison.Ordinal);
    }

    private static Type LoadAnew(string? setting, string? environment) => FreshLibrary.Load(
        typeof(CacheSizes), CacheSizes.SwitchName, setting, CacheSizes.EnvironmentVariable, environment, fresh => Current(fresh));

    private static object Current(Type fresh) =>
        fresh.GetProperty(nameof(CacheSizes.Current), BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    private static (long L1, long L2, long L3) Sizes(Type fresh) => (
        (long)Read(Current(fresh), nameof(CacheSizes.L1)),
        (long)Read(Current(fresh), nameof(CacheSizes.L2)),
        (long)Read(Current(fresh), nameof(CacheSizes.L3)));

    /// <summary>The bytes of a way of L1, which are its page on most machines, and of a line.</summary>
    private static (long Way, object LineSize) WayAndLine(Type fresh)
    {
        object level = Read(Current(fresh), nameof(CacheSizes.Level1));
        return (
            (long)Read(level, nameof(CacheLevel.Size)) / (int)Read(level, nameof(CacheLevel.Ways)), Read(level, nameof(CacheLevel.LineSize)));
    }

    private static string Explain(Type fresh) =>
        (string)fresh.GetMethod(nameof(CacheSizes.Explain), BindingFlags.Public | BindingFlags.Static)!.Invoke(null, null)!;

    private static object Read(object instance, string property) => instance.GetType().GetProperty(property)!.GetValue(instance)!;
}
