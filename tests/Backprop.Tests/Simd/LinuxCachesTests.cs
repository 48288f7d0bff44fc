using Backprop.Simd;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Simd;

/// <summary>Folders written by hand as Linux has them; what is expected is what the files say.</summary>
public sealed class LinuxCachesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Data_and_unified_caches_are_read_and_instruction_caches_are_not()
    {
        WriteCache(0, "1", "Data", "48K", "12", "64");
        WriteCache(1, "1", "Instruction", "64K", "8", "64");
        WriteCache(2, "2", "Unified", "1024K", "16", "128");
        WriteCache(3, "3", "Unified", "32768K", "11", "256");
        Assert.Equal(
            new CacheSizes(new CacheLevel(48 << 10, 12, 64), new(1 << 20, 16, 128), new(32 << 20, 11, 256), "operating system"),
            LinuxCaches.Read(_folder.Path));
    }

    [Fact]
    public void A_level_that_is_missing_holds_no_more_than_the_one_before()
    {
        WriteCache(0, "1", "Data", "32K", "8", "64");
        WriteCache(1, "2", "Unified", "512K", "8", "64");
        Assert.Equal(512 << 10, LinuxCaches.Read(_folder.Path)!.L3);
    }

    [Fact]
    public void Of_two_caches_of_one_level_the_larger_counts()
    {
        WriteCache(0, "1", "Data", "32K", "4", "64");
        WriteCache(1, "1", "Data", "64K", "8", "64");
        WriteCache(2, "1", "Data", null, "2", "64");
        Assert.Equal(new CacheLevel(64 << 10, 8, 64), LinuxCaches.Read(_folder.Path)!.Level1);
    }

    [Fact]
    public void A_cache_without_its_size_has_an_ordinary_one()
    {
        WriteCache(0, "1", "Data", "64K", null, null);
        WriteCache(1, "2", "Unified", null, null, null);
        // the third level is missing: it is the second once more, with its ways
        Assert.Equal(
            new CacheSizes(new CacheLevel(64 << 10, 8, 64), new(1 << 20, 8, 64), new(1 << 20, 8, 64), "operating system, in part assumed"),
            LinuxCaches.Read(_folder.Path));
    }

    [Fact]
    public void A_folder_that_is_missing_or_says_nothing_gives_nothing()
    {
        Assert.Null(LinuxCaches.Read(Path.Combine(_folder.Path, "none")));
        Assert.Null(LinuxCaches.Read(_folder.Path));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "index0"));
        Assert.Null(LinuxCaches.Read(_folder.Path));
        WriteCache(0, "1", "Instruction", "64K", "8", "64");
        WriteCache(1, "many", "Data", "64K", "8", "64");
        WriteCache(2, "4", "Unified", "64K", "8", "64");
        Assert.Null(LinuxCaches.Read(_folder.Path));
    }

    private void WriteCache(int index, string level, string type, string? size, string? ways, string? lineSize)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, $"index{index}")).FullName;
        (string Name, string? Text)[] files =
            [("level", level), ("type", type), ("size", size), ("ways_of_associativity", ways), ("coherency_line_size", lineSize)];
        foreach ((string name, string? text) in files)
        {
            if (text is not null)
                File.WriteAllText(Path.Combine(folder, name), text + "\n");
        }
    }
}
