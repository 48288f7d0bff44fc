using Backprop.Simd;

namespace Backprop.Benchmarks.Measuring;

/// <summary>Measures the peaks that rows are compared with.</summary>
internal static class LimitsMeasurement
{
    public static Limits Run(int threads, CacheSizes caches) => new(
        threads,
        Enum.GetValues<SimdLevel>().Where(SimdSupport.IsSupported)
            .ToDictionary(level => level.ToName(), level => FmaPeak.Measure(level, threads)),
        Measure(Traffic.Read, threads, caches),
        Measure(Traffic.Write, threads, caches),
        Measure(Traffic.Copy, threads, caches),
        caches);

    private static Dictionary<MemoryLevel, double> Measure(Traffic traffic, int threads, CacheSizes caches) =>
        Enum.GetValues<MemoryLevel>()
            .ToDictionary(level => level, level => Bandwidth.Measure(traffic, BytesPerThread(caches, level, threads), threads));

    // a core has its own L1 and L2; the rest is shared
    private static long BytesPerThread(CacheSizes caches, MemoryLevel level, int threads) =>
        level is MemoryLevel.L1 or MemoryLevel.L2 ? caches.WorkingSet(level) : Math.Max(caches.WorkingSet(level) / threads, 2 * caches.L2);
}
