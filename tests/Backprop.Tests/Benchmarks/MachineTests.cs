using System.Collections;
using Backprop.Benchmarks.Machine;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public sealed class MachineTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("32K", 32 << 10)]
    [InlineData("1024K", 1 << 20)]
    [InlineData("2M", 2 << 20)]
    [InlineData("4096", 4096)]
    [InlineData("", 0)]
    [InlineData("K", 0)]
    [InlineData("-1K", 0)]
    [InlineData("many", 0)]
    public void A_cache_size_is_read_with_its_unit(string text, long bytes) => Assert.Equal(bytes, CacheSizes.ParseSize(text));

    [Fact]
    public void Data_and_unified_caches_are_read_and_instruction_caches_are_not()
    {
        WriteCache(0, "1", "Data", "48K");
        WriteCache(1, "1", "Instruction", "64K");
        WriteCache(2, "2", "Unified", "1024K");
        WriteCache(3, "3", "Unified", "32768K");
        CacheSizes? caches = CacheSizes.FromFolder(_folder.Path);
        Assert.Equal(new CacheSizes(48 << 10, 1 << 20, 32 << 20, "operating system"), caches);
    }

    [Fact]
    public void A_level_that_is_missing_holds_no_more_than_the_one_before()
    {
        WriteCache(0, "1", "Data", "32K");
        WriteCache(1, "2", "Unified", "512K");
        Assert.Equal(512 << 10, CacheSizes.FromFolder(_folder.Path)!.L3);
    }

    [Fact]
    public void A_folder_that_is_missing_or_says_nothing_gives_nothing()
    {
        Assert.Null(CacheSizes.FromFolder(Path.Combine(_folder.Path, "none")));
        Assert.Null(CacheSizes.FromFolder(_folder.Path));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "index0"));
        Assert.Null(CacheSizes.FromFolder(_folder.Path));
    }

    [Fact]
    public void This_machine_has_caches_in_order()
    {
        CacheSizes caches = CacheSizes.Read();
        Assert.True(caches.L1 >= 4 << 10 && caches.L1 <= caches.L2 && caches.L2 <= caches.L3, caches.ToString());
    }

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
            ["DOTNET_ROOT"] = "somewhere",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["PATH"] = "DOTNET_EnableAVX512",
        };
        Assert.Equal(
            ["BACKPROP_SIMD_LEVEL", "DOTNET_EnableAVX512", "DOTNET_PreferredVectorBitWidth", "DOTNET_TieredPGO"],
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

    private void WriteCache(int index, string level, string type, string size)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, $"index{index}")).FullName;
        File.WriteAllText(Path.Combine(folder, "level"), level + "\n");
        File.WriteAllText(Path.Combine(folder, "type"), type + "\n");
        File.WriteAllText(Path.Combine(folder, "size"), size + "\n");
    }
}
