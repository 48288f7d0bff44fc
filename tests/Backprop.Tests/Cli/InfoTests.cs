using System.Runtime.InteropServices;
using System.Text.Json;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Cli;

public class InfoTests
{
    [Fact]
    public void Text_output_names_cpu_levels_and_runtime()
    {
        CliResult result = CliRunner.Run("info").AssertSuccess();

        string[] expected =
            ["Backprop ", "CPU ", "levels ", "scalar", "v512", "uses ", "switches ", RuntimeInformation.FrameworkDescription];
        Assert.All(expected, part => Assert.Contains(part, result.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void A_cap_in_the_environment_is_in_force_and_shown()
    {
        using TempFolder folder = new();

        JsonElement json = CliRunner.RunProcess(
            folder.Path, [("BACKPROP_SIMD_LEVEL", "scalar"), ("DOTNET_TieredPGO", "0")], "info", "--json").AssertSuccess().Json;

        Assert.Equal("scalar", json.GetProperty("level").GetString());
        Assert.Equal("scalar", json.GetProperty("switches").GetProperty("BACKPROP_SIMD_LEVEL").GetString());
        Assert.Equal("0", json.GetProperty("switches").GetProperty("DOTNET_TieredPGO").GetString());
        Assert.True(json.GetProperty("levels").GetProperty("scalar").GetBoolean());
        Assert.NotEqual("", json.GetProperty("cpu").GetString());
    }

    [Fact]
    public void Text_output_has_one_line_for_the_caches() =>
        Assert.Matches(
            @"(?m)^caches    L1 \d+[KMG]? \d+-way, L2 \d+[KMG]? \d+-way, L3 \d+[KMG]? \d+-way \(.+\)\r?$",
            CliRunner.Run("info").AssertSuccess().Output);

    [Fact]
    public void Caches_in_the_environment_are_in_force_and_shown()
    {
        using TempFolder folder = new();

        JsonElement json = CliRunner.RunProcess(folder.Path, [("BACKPROP_CACHES", "16K,256K,3M")], "info", "--json").AssertSuccess().Json;

        JsonElement caches = json.GetProperty("caches");
        Assert.Equal(16_384, caches.GetProperty("l1").GetInt64());
        Assert.Equal(262_144, caches.GetProperty("l2").GetInt64());
        Assert.Equal(3_145_728, caches.GetProperty("l3").GetInt64());
        Assert.EndsWith("(set by BACKPROP_CACHES)", caches.GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Equal("16K,256K,3M", json.GetProperty("switches").GetProperty("BACKPROP_CACHES").GetString());
    }

    [Fact]
    public void Caches_in_the_environment_that_make_no_sense_are_said_to_be_ignored()
    {
        using TempFolder folder = new();

        string output = CliRunner.RunProcess(folder.Path, [("BACKPROP_CACHES", "1M,32K,32M")], "info").AssertSuccess().Output;

        string line = Assert.Single(output.Split('\n'), line => line.StartsWith("caches ", StringComparison.Ordinal));
        Assert.Contains("'1M,32K,32M'", line, StringComparison.Ordinal);
        Assert.Contains("ignored", line, StringComparison.Ordinal);
        Assert.DoesNotContain("set by", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_runtime_switch_takes_levels_away()
    {
        using TempFolder folder = new();

        JsonElement json = CliRunner.RunProcess(folder.Path, [("DOTNET_EnableHWIntrinsic", "0")], "info", "--json").AssertSuccess().Json;

        Assert.Equal("scalar", json.GetProperty("level").GetString());
        Assert.False(json.GetProperty("levels").GetProperty("v128").GetBoolean());
        Assert.NotEqual("", json.GetProperty("cpu").GetString());
    }
}
