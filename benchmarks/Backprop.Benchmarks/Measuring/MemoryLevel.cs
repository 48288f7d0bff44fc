using Backprop.Simd;

namespace Backprop.Benchmarks.Measuring;

/// <summary>Where a working set lives.</summary>
internal enum MemoryLevel
{
    L1,
    L2,
    L3,
    DRAM,
}

internal static class MemoryLevels
{
    /// <summary>Beyond it nothing changes, and filling it takes long.</summary>
    public const long LargestWorkingSet = 512L << 20;

    /// <summary>The first level that holds <paramref name="bytes"/>.</summary>
    public static MemoryLevel Holding(this CacheSizes caches, double bytes) =>
        bytes <= caches.L1 ? MemoryLevel.L1 : bytes <= caches.L2 ? MemoryLevel.L2 : bytes <= caches.L3 ? MemoryLevel.L3 : MemoryLevel.DRAM;

    /// <summary>
    /// A working set that surely lives in the level: half of L1 or L2, since code, stack and neighbours take their part. L3 is often shared
    /// and, in virtual machines, reported as larger than a core can fill: eight times L2 at most. Memory: four times L3, between 64 MiB
    /// and <see cref="LargestWorkingSet"/>.
    /// </summary>
    public static long WorkingSet(this CacheSizes caches, MemoryLevel level) => level switch
    {
        MemoryLevel.L1 => caches.L1 / 2,
        MemoryLevel.L2 => Math.Max(caches.L2 / 2, caches.L1),
        MemoryLevel.L3 => Math.Max(Math.Min(caches.L3 / 2, 8 * caches.L2), caches.L2),
        _ => Math.Clamp(4 * caches.L3, 64L << 20, LargestWorkingSet),
    };
}
