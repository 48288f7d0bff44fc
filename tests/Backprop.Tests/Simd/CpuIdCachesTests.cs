using Backprop.Simd;
using Xunit;

namespace Backprop.Tests.Simd;

/// <summary>
/// Registers put together by hand from the manuals of Intel and AMD. Leaf 4 and leaf 0x8000001D: EAX has the type in bits 4:0 (1 data, 2
/// instruction, 3 unified) and the level in 7:5; EBX ways − 1 in 31:22, partitions − 1 in 21:12, line − 1 in 11:0; ECX sets − 1.
/// </summary>
public class CpuIdCachesTests
{
    private const int AmdLeaf = unchecked((int)0x8000001D), ExtendedLeaves = unchecked((int)0x80000000);
    private const int OldL1Leaf = unchecked((int)0x80000005), OldL2Leaf = unchecked((int)0x80000006);

    [Fact]
    public void Leaf_4_names_every_cache()
    {
        Registers processor = new()
        {
            [(0, 0)] = (0x1B, 0, 0, 0),
            [(4, 0)] = (0x1C004121, 0x02C0003F, 0x3F, 0),
            [(4, 1)] = (0x1C004122, 0x03C0003F, 0x3F, 0),
            [(4, 2)] = (0x1C004143, 0x04C0003F, 0x3FF, 0),
            [(4, 3)] = (0x1C03C163, 0x02C0003F, 0x11FFF, 0),
        };
        // 12 ways of 64 sets, 20 of 1024, 12 of 73,728, lines of 64 bytes; the instruction cache would be 64 KB
        Assert.Equal(
            new CacheSizes(new CacheLevel(49_152, 12, 64), new(1_310_720, 20, 64), new(56_623_104, 12, 64), "CPUID"),
            CpuIdCaches.Read(processor.Ask));
    }

    [Fact]
    public void Leaf_8000001D_is_asked_where_leaf_4_is_empty()
    {
        Registers processor = new()
        {
            [(0, 0)] = (0x10, 0, 0, 0),
            [(ExtendedLeaves, 0)] = (unchecked((int)0x80000028), 0, 0, 0),
            [(AmdLeaf, 0)] = (0x121, 0x02C0003F, 0x3F, 0),
            [(AmdLeaf, 1)] = (0x122, 0x01C0003F, 0x3F, 0),
            [(AmdLeaf, 2)] = (0x143, 0x03C0003F, 0x3FF, 2),
            [(AmdLeaf, 3)] = (0x163, 0x03C0103F, 0x3FFF, 1),
        };
        // 12 ways of 64 sets, 16 of 1024, 16 of 16,384 in two partitions
        Assert.Equal(
            new CacheSizes(new CacheLevel(49_152, 12, 64), new(1_048_576, 16, 64), new(33_554_432, 16, 64), "CPUID"),
            CpuIdCaches.Read(processor.Ask));
    }

    [Fact]
    public void A_leaf_beyond_the_largest_is_not_believed()
    {
        Registers processor = new()
        {
            [(0, 0)] = (3, 0, 0, 0),
            [(4, 0)] = (0x121, 0x02C0003F, 0x3F, 0),
            [(ExtendedLeaves, 0)] = (unchecked((int)0x80000004), 0, 0, 0),
            [(AmdLeaf, 0)] = (0x121, 0x02C0003F, 0x3F, 0),
            [(OldL1Leaf, 0)] = (0, 0, 0x20080140, 0),
            [(OldL2Leaf, 0)] = (0, 0, 0x02006140, 0x02009140),
        };
        Assert.Null(CpuIdCaches.Read(processor.Ask));
    }

    [Fact]
    public void The_old_leaves_are_the_last()
    {
        // L1: 0x20 KB, 8 ways, lines of 0x40. L2: 0x200 KB, code 6: 8 ways. L3: 0x80 times 512 KB, of which a core fills 32 MB; code 9: the
        // ways are not told
        Registers processor = new()
        {
            [(0, 0)] = (0xD, 0, 0, 0),
            [(ExtendedLeaves, 0)] = (unchecked((int)0x8000001A), 0, 0, 0),
            [(OldL1Leaf, 0)] = (0, 0, 0x20080140, 0),
            [(OldL2Leaf, 0)] = (0, 0, 0x02006140, 0x02009140),
        };
        Assert.Equal(
            new CacheSizes(
                new CacheLevel(32_768, 8, 64), new(524_288, 8, 64), new(33_554_432, 16, 64), "CPUID, at most 32 MiB of the package's L3"),
            CpuIdCaches.Read(processor.Ask));
        // 8 MB with code 0xA: 32 ways; L2 with code 8: 16 ways
        processor[(OldL2Leaf, 0)] = (0, 0, 0x02008140, 0x0040A140);
        CacheSizes small = CpuIdCaches.Read(processor.Ask)!;
        Assert.Equal((16, 8_388_608, 32), (small.Level2.Ways, small.L3, small.Level3.Ways));
    }

    [Fact]
    public void A_hypervisor_that_says_nothing_is_told_from_one_that_fills_the_registers()
    {
        Assert.Null(CpuIdCaches.Read((_, _) => default));
        Registers absurd = new()
        {
            [(0, 0)] = (4, 0, 0, 0),
            [(4, 0)] = (0x121, -1, -1, 0),
            [(4, 1)] = (0x143, -1, -1, 0),
            [(4, 2)] = (0x163, -1, -1, 0),
        };
        Assert.Equal(new CacheSizes(32 << 10, 1 << 20, 32 << 20, "CPUID, in part assumed"), CpuIdCaches.Read(absurd.Ask));
    }

    /// <summary>A processor that answers what it was given, and zeros elsewhere.</summary>
    private sealed class Registers : Dictionary<(int Leaf, int SubLeaf), (int Eax, int Ebx, int Ecx, int Edx)>
    {
        public (int Eax, int Ebx, int Ecx, int Edx) Ask(int leaf, int subLeaf) => this.GetValueOrDefault((leaf, subLeaf));
    }
}
