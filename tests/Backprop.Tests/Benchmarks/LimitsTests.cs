using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Measuring;
using Backprop.Simd;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public class LimitsTests
{
    private static readonly CacheSizes Caches = new(32 << 10, 1 << 20, 32 << 20, "test");

    // 1 GFLOP/s is an operation a nanosecond, 1 GB/s a byte a nanosecond
    private static readonly Limits Limits = new(
        Threads: 1,
        FmaGflops: new Dictionary<string, double> { ["scalar"] = 10, ["v256"] = 100, ["v512"] = 90 },
        ReadGBps: new Dictionary<MemoryLevel, double>
        {
            [MemoryLevel.L1] = 200,
            [MemoryLevel.L2] = 100,
            [MemoryLevel.L3] = 50,
            [MemoryLevel.DRAM] = 20,
        },
        WriteGBps: new Dictionary<MemoryLevel, double>
        {
            [MemoryLevel.L1] = 100,
            [MemoryLevel.L2] = 70,
            [MemoryLevel.L3] = 30,
            [MemoryLevel.DRAM] = 5,
        },
        CopyGBps: new Dictionary<MemoryLevel, double>
        {
            [MemoryLevel.L1] = 250,
            [MemoryLevel.L2] = 80,
            [MemoryLevel.L3] = 40,
            [MemoryLevel.DRAM] = 10,
        },
        Caches);

    [Theory]
    // 2·128³ operations at the best width's 100, against 3·4·128² bytes at 100
    [InlineData("gemm:128x128x128:nn", 2.0 * 128 * 128 * 128 / 100, "FMA")]
    // 19·1000 operations, against 4·1000 bytes read and as many written, in L1, at 250
    [InlineData("exp:1000", 19_000.0 / 100, "FMA")]
    // 2·1000 operations against the same bytes
    [InlineData("sigmoid-derivative:1000", 8000.0 / 250, "L1")]
    // 4·(256² + 256) bytes read from L2 and 4·256 written, which are copied: more than 2·256² operations need
    [InlineData("gemv:256x256:n", 4 * 65_536.0 / 100 + 2 * 4 * 256.0 / 80, "L2")]
    [InlineData("exp:1000000", 8e6 / 40, "L3")]
    [InlineData("exp:10000000", 8e7 / 10, "DRAM")]
    // A of 4·2048² bytes lives in L3 and is read and written, x and y are read
    [InlineData("ger:2048x2048", 2 * 4 * 2048.0 * 2048 / 40 + 4 * 4096.0 / 50, "L3")]
    // 4·50 bytes read, 4·50² written: what is not copied is written
    [InlineData("softmax-jacobian:50", 2 * 4 * 50.0 / 250 + (4 * 2500.0 - 200) / 100, "L1")]
    public void A_call_is_bound_by_the_slower_of_operations_and_bytes(string shape, double nanoseconds, string boundBy)
    {
        (double actual, string name) = Limits.Roofline(ShapeParser.Parse(shape));
        Assert.Equal(boundBy, name);
        Assert.Equal(nanoseconds, actual, nanoseconds * 1e-12);
    }

    [Fact]
    public void Working_sets_grow_with_the_level_and_live_there()
    {
        CacheSizes large = new(48 << 10, 2 << 20, 508L << 20, "large"), single = new(32 << 10, 32 << 10, 32 << 10, "only L1");
        foreach (CacheSizes caches in new[] { Caches, large, single })
        {
            long l1 = caches.WorkingSet(MemoryLevel.L1), l2 = caches.WorkingSet(MemoryLevel.L2);
            long l3 = caches.WorkingSet(MemoryLevel.L3), memory = caches.WorkingSet(MemoryLevel.DRAM);
            Assert.True(l1 < l2 && l2 <= l3 && l3 < memory, $"{l1} {l2} {l3} {memory}");
            Assert.True(l1 < caches.L1 && l2 <= caches.L2 && l3 <= caches.L3);
        }
    }

    [Fact]
    public void A_peak_is_measured_at_every_width()
    {
        // not how fast, which a test cannot know, but that the loops run and give a rate
        Assert.All(Enum.GetValues<Backprop.Simd.SimdLevel>().Where(Backprop.Simd.SimdSupport.IsSupported), level =>
            Assert.InRange(FmaPeak.Measure(level, threads: 1), 1e-3, 1e6));
        Assert.All(Enum.GetValues<Traffic>(), traffic =>
            Assert.InRange(Bandwidth.Measure(traffic, bytesPerThread: 16 << 10, threads: 2), 1e-3, 1e6));
    }
}
