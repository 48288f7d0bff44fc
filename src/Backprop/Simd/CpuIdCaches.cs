using System.Runtime.Intrinsics.X86;

namespace Backprop.Simd;

/// <summary>The caches as an x86 processor, or the hypervisor in its place, describes them.</summary>
internal static class CpuIdCaches
{
    private const int IntelLeaf = 4, AmdLeaf = unchecked((int)0x8000001D), LargestExtendedLeaf = unchecked((int)0x80000000);

    // L2 and L3; L1 is in the leaf before it.
    private const int OldAmdLeaf = unchecked((int)0x80000006);

    /// <summary>Asks this processor.</summary>
    /// <returns>Its caches, or <see langword="null"/> where it tells nothing of use.</returns>
    public static CacheSizes? Read() => X86Base.IsSupported ? Read(X86Base.CpuId) : null;

    /// <summary>Asks a processor, the leaf that names every cache first.</summary>
    /// <param name="cpuId">The four registers for a leaf and a sub-leaf.</param>
    /// <returns>The caches, or <see langword="null"/> where the leaves tell nothing of use.</returns>
    public static CacheSizes? Read(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId)
    {
        // A processor answers a leaf beyond its largest with what another one says.
        if ((uint)cpuId(0, 0).Eax >= IntelLeaf && FromLeaf(cpuId, IntelLeaf) is { } caches)
            return caches;
        uint largest = (uint)cpuId(LargestExtendedLeaf, 0).Eax;
        return (largest >= unchecked((uint)AmdLeaf) ? FromLeaf(cpuId, AmdLeaf) : null)
            ?? (largest >= unchecked((uint)OldAmdLeaf) ? FromOldAmdLeaves(cpuId) : null);
    }

    // One sub-leaf a cache, in the same format at Intel and AMD.
    private static CacheSizes? FromLeaf(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId, int leaf)
    {
        Span<CacheLevel> levels = stackalloc CacheLevel[4];
        for (int index = 0; index < 16; index++)
        {
            (int eax, int ebx, int ecx, _) = cpuId(leaf, index);
            int type = eax & 31, level = (eax >> 5) & 7;
            if (type == 0)
                break;
            const int Data = 1, Unified = 3;
            if (type is not (Data or Unified) || level is < 1 or > 3)
                continue;
            int ways = ((ebx >> 22) & 0x3FF) + 1, partitions = ((ebx >> 12) & 0x3FF) + 1, lineSize = (ebx & 0xFFF) + 1;
            // Registers full of ones would make 2⁶⁴ bytes.
            const long MaxLines = 1L << 40;
            long lines = Math.Min((long)ways * partitions * ((uint)ecx + 1L), MaxLines);
            if (lines * lineSize > levels[level].Size)
                levels[level] = new CacheLevel(lines * lineSize, ways, lineSize);
        }
        return CacheSizes.Create(levels[1], levels[2], levels[3], "CPUID");
    }

    // What virtual machines still tell when they hide the leaf above. L3 is that of the whole package there: a core fills no more than
    // the part of its own complex, 32 MiB on most.
    private static CacheSizes? FromOldAmdLeaves(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId)
    {
        const long LargestPart = 32 << 20;
        int l1 = cpuId(OldAmdLeaf - 1, 0).Ecx;
        (_, _, int l2, int l3) = cpuId(OldAmdLeaf, 0);
        return CacheSizes.Create(
            new CacheLevel((long)((uint)l1 >> 24) << 10, (l1 >> 16) & 0xFF, l1 & 0xFF),
            new CacheLevel((long)((uint)l2 >> 16) << 10, OldAmdWays(l2), l2 & 0xFF),
            new CacheLevel(Math.Min((long)((uint)l3 >> 18) << 19, LargestPart), OldAmdWays(l3), l3 & 0xFF),
            "CPUID, at most 32 MiB of the package's L3");
    }

    // 0 where the code is reserved, points to the newer leaf or means fully associative.
    private static int OldAmdWays(int register)
    {
        ReadOnlySpan<byte> ways = [0, 1, 2, 3, 4, 6, 8, 0, 16, 0, 32, 48, 64, 96, 128, 0];
        return ways[(register >> 12) & 15];
    }
}
