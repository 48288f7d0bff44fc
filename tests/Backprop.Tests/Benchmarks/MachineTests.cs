using System.Collections;
using Backprop.Benchmarks.Machine;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public sealed class MachineTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_processor_is_named_with_family_and_model()
    {
        string[] lines = ["processor\t: 0", "cpu family\t: 25", "model\t\t: 97", "model name\t: Some CPU: fast", "", "model name\t: next"];
        Assert.Equal("Some CPU: fast (family 25, model 97)", CpuName.Parse(lines));
        Assert.Null(CpuName.Parse(["processor\t: 0", "BogoMIPS\t: 50.00"]));
    }

    [Fact]
    public void Switches_are_the_variables_that_change_the_code()
    {
        Hashtable environment = new()
        {
            ["DOTNET_EnableAVX512"] = "0",
            ["DOTNET_PreferredVectorBitWidth"] = "256",
            ["DOTNET_TieredPGO"] = "0",
            ["BACKPROP_SIMD_LEVEL"] = "v128",
            ["BACKPROP_CACHES"] = "32K,512K,32M",
            ["DOTNET_ROOT"] = "somewhere",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["PATH"] = "DOTNET_EnableAVX512",
        };
        Assert.Equal(
            ["BACKPROP_CACHES", "BACKPROP_SIMD_LEVEL", "DOTNET_EnableAVX512", "DOTNET_PreferredVectorBitWidth", "DOTNET_TieredPGO"],
            MachineInfo.Switches(environment).Keys);
    }

    [Fact]
    public void Hardware_threads_of_one_core_count_once()
    {
        (string Package, string Core)[] places = [("0", "0"), ("0", "1"), ("0", "0"), ("0", "1"), ("1", "0")];
        foreach ((int index, (string package, string core)) in places.Index())
        {
            string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, $"cpu{index}", "topology")).FullName;
            File.WriteAllText(Path.Combine(folder, "physical_package_id"), package + "\n");
            File.WriteAllText(Path.Combine(folder, "core_id"), core + "\n");
        }
        Directory.CreateDirectory(Path.Combine(_folder.Path, "cpufreq"));
        Assert.Equal(3, PhysicalCores.Count(_folder.Path));
        Assert.Equal(0, PhysicalCores.Count(Path.Combine(_folder.Path, "none")));
    }

    [Fact]
    public void A_processor_whose_512_bits_the_runtime_hides_is_warned_about_unless_somebody_chose_the_width()
    {
        Hashtable none = [], chosen = new() { ["DOTNET_PreferredVectorBitWidth"] = "256" };
        Assert.Contains("PreferredVectorBitWidth=512", Assert.Single(MachineInfo.HiddenWidth(true, false, none)), StringComparison.Ordinal);
        Assert.Empty(MachineInfo.HiddenWidth(true, false, chosen));
        Assert.Empty(MachineInfo.HiddenWidth(true, true, none));
        Assert.Empty(MachineInfo.HiddenWidth(false, false, none));
    }
}
