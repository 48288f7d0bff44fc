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
    public void A_runtime_switch_takes_levels_away()
    {
        using TempFolder folder = new();

        JsonElement json = CliRunner.RunProcess(folder.Path, [("DOTNET_EnableHWIntrinsic", "0")], "info", "--json").AssertSuccess().Json;

        Assert.Equal("scalar", json.GetProperty("level").GetString());
        Assert.False(json.GetProperty("levels").GetProperty("v128").GetBoolean());
        Assert.NotEqual("", json.GetProperty("cpu").GetString());
    }
}
