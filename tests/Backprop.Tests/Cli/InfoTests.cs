using System.Runtime.InteropServices;
using System.Text.Json;
using Backprop.Simd;
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
    public void A_plan_is_a_line_for_each_product()
    {
        string[] lines = CliResult.Lines(CliRunner.Run(
            "info", "--plan", "gemm:512x1024x1024:tn", "--plan", "gemm:512x1024x1024", "--plan", "gemv:30x40:n", "--plan", "gemv:30x40:t",
            "--threads", "2").AssertSuccess().Output);

        Assert.Equal(4, lines.Length);
        Assert.All(lines, line => Assert.Contains($": {SimdSupport.Current.ToName()}, tile ", line, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Contains(CacheSizes.Current.ToString(), line, StringComparison.Ordinal));
        Assert.Matches(@"^gemm:512x1024x1024:tn: .*route Tiles: blocks of \d+ rows, .*; 2 threads, each some columns of C$", lines[0]);
        Assert.StartsWith("gemm:512x1024x1024: ", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("; route Dots; 1 thread", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("; route Vector; 1 thread", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_is_there_as_JSON()
    {
        using TempFolder folder = new();

        JsonElement json = CliRunner.RunProcess(
            folder.Path, [("BACKPROP_SIMD_LEVEL", "v256"), ("BACKPROP_CACHES", "32K,512K,32M")], "info", "--json", "--plan",
            "gemm:300x400x500:nt").AssertSuccess().Json;

        Assert.Equal("gemm:300x400x500:nt", json.GetProperty("product").GetString());
        JsonElement plan = json.GetProperty("plan");
        Assert.Equal("Tiles", plan.GetProperty("route").GetString());
        Assert.Equal("Transposed", plan.GetProperty("packB").GetString());
        Assert.Equal("None", plan.GetProperty("packA").GetString());
        Assert.Equal(1, plan.GetProperty("parts").GetInt32());
        Assert.All(
            ["rows", "columns", "depth"], name => Assert.InRange(plan.GetProperty(name).GetInt32(), 1, 500));
        Assert.All(
            ["prefetchesB", "prefetchesC", "byColumns"],
            name => Assert.True(plan.GetProperty(name).ValueKind is JsonValueKind.True or JsonValueKind.False));
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
