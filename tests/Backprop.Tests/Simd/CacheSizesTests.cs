using Backprop.Simd;
using Xunit;

namespace Backprop.Tests.Simd;

/// <summary>The oracle of every test but the last is a size written out by hand: 32 KB are 32,768 bytes.</summary>
public class CacheSizesTests
{
    [Theory]
    [InlineData("32K", 32_768)]
    [InlineData("1024K", 1_048_576)]
    [InlineData("2M", 2_097_152)]
    [InlineData("3m", 3_145_728)]
    [InlineData("1G", 1_073_741_824)]
    [InlineData("4096", 4096)]
    [InlineData("8589934591G", 9_223_372_035_781_033_984)]
    [InlineData("8589934592G", 0)]
    [InlineData("9223372036854775808", 0)]
    [InlineData("", 0)]
    [InlineData("K", 0)]
    [InlineData("-1K", 0)]
    [InlineData("1.5M", 0)]
    [InlineData("2MK", 0)]
    [InlineData("2 M", 0)]
    [InlineData("many", 0)]
    public void A_size_is_read_with_its_unit(string text, long bytes) => Assert.Equal(bytes, CacheSizes.ParseSize(text));

    [Theory]
    [InlineData("32K,512K,32M", 32_768, 524_288, 33_554_432)]
    [InlineData(" 48k , 2m,1g ", 49_152, 2_097_152, 1_073_741_824)]
    [InlineData("4096,4096,4096", 4096, 4096, 4096)]
    public void The_switch_takes_three_sizes(string text, long l1, long l2, long l3)
    {
        Assert.True(CacheSizes.TryParse(text, out (long L1, long L2, long L3) sizes));
        Assert.Equal((l1, l2, l3), sizes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(",,")]
    [InlineData("32K")]
    [InlineData("32K,512K")]
    [InlineData("32K,512K,8M,32M")]
    [InlineData("32K,512K,32M,")]
    [InlineData("32K;512K;32M")]
    [InlineData("32K,0,32M")]
    [InlineData("32K,512K,0")]
    [InlineData("-32K,512K,32M")]
    [InlineData("32K,many,32M")]
    [InlineData("32KB,512KB,32MB")]
    [InlineData("4095,512K,32M")]
    [InlineData("32K,31K,32M")]
    [InlineData("32K,512K,511K")]
    [InlineData("32K,512K,1073741825")]
    [InlineData("32K,512K,8589934592G")]
    public void The_switch_takes_nothing_else(string? text)
    {
        Assert.False(CacheSizes.TryParse(text, out (long L1, long L2, long L3) sizes));
        Assert.Equal((0, 0, 0), sizes);
    }

    [Fact]
    public void What_is_told_and_plausible_is_taken_as_it_is()
    {
        CacheLevel l1 = new(48 << 10, 12, 64), l2 = new(3 << 20, 20, 128), l3 = new(1 << 30, 11, 32);
        Assert.Equal(new CacheSizes(l1, l2, l3, "test"), CacheSizes.Create(l1, l2, l3, "test"));
    }

    [Fact]
    public void Without_a_first_level_nothing_is_known() =>
        Assert.Null(CacheSizes.Create(default, new(1 << 20, 16, 64), new(32 << 20, 16, 64), "test"));

    [Theory]
    [InlineData(32 << 10, 0, 0, 32 << 10, 32 << 10)]
    [InlineData(32 << 10, 512 << 10, 0, 512 << 10, 512 << 10)]
    [InlineData(32 << 10, 0, 8 << 20, 32 << 10, 8 << 20)]
    [InlineData(32 << 10, 2 << 20, 1 << 20, 2 << 20, 2 << 20)]
    public void A_level_that_is_missing_or_smaller_holds_no_more_than_the_one_before(long l1, long l2, long l3, long second, long third)
    {
        CacheSizes caches = CacheSizes.Create(new(l1, 5, 64), new(l2, 6, 64), new(l3, 7, 64), "test")!;
        Assert.Equal((l1, second, third, "test"), (caches.L1, caches.L2, caches.L3, caches.Source));
        Assert.Equal(second == l1 ? 5 : 6, caches.Level2.Ways);
        Assert.Equal(third == second ? caches.Level2.Ways : 7, caches.Level3.Ways);
    }

    // Bounds are 8 KB to 1 MB, L1 to 256 MB, up to 1 GB; 32 KB, 1 MB, 32 MB are assumed.
    [Theory]
    [InlineData(8191, 1 << 20, 32 << 20, 32 << 10, 1 << 20, 32 << 20)]
    [InlineData((1 << 20) + 1, 2 << 20, 32 << 20, 32 << 10, 2 << 20, 32 << 20)]
    [InlineData(-1, 2 << 20, 32 << 20, 32 << 10, 2 << 20, 32 << 20)]
    [InlineData(48 << 10, (48 << 10) - 1, 32 << 20, 48 << 10, 1 << 20, 32 << 20)]
    [InlineData(48 << 10, (256 << 20) + 1, 32 << 20, 48 << 10, 1 << 20, 32 << 20)]
    [InlineData(48 << 10, 2 << 20, (1 << 30) + 1, 48 << 10, 2 << 20, 32 << 20)]
    [InlineData(48 << 10, 64 << 20, 1L << 52, 48 << 10, 64 << 20, 64 << 20)]
    [InlineData(long.MaxValue, long.MaxValue, long.MinValue, 32 << 10, 1 << 20, 32 << 20)]
    public void Absurd_sizes_are_replaced_and_the_source_says_so(long l1, long l2, long l3, long first, long second, long third)
    {
        CacheSizes caches = CacheSizes.Create(new(l1, 8, 64), new(l2, 8, 64), new(l3, 8, 64), "test")!;
        Assert.Equal((first, second, third), (caches.L1, caches.L2, caches.L3));
        Assert.Equal("test, in part assumed", caches.Source);
    }

    [Theory]
    [InlineData(8 << 10, 8 << 10, 8 << 10)]
    [InlineData(1 << 20, 256 << 20, 1 << 30)]
    public void Sizes_at_the_bounds_are_taken(long l1, long l2, long l3)
    {
        CacheSizes caches = CacheSizes.Create(new(l1, 8, 64), new(l2, 8, 64), new(l3, 8, 64), "test")!;
        Assert.Equal((l1, l2, l3, "test"), (caches.L1, caches.L2, caches.L3, caches.Source));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, -64)]
    [InlineData(129, 48)]
    [InlineData(int.MaxValue, 2048)]
    public void Ways_and_lines_that_no_machine_has_are_those_that_most_have(int ways, int lineSize)
    {
        CacheSizes caches = CacheSizes.Create(
            new(48 << 10, ways, lineSize), new(1 << 20, ways, lineSize), new(32 << 20, ways, lineSize), "test")!;
        Assert.Equal(new CacheSizes(48 << 10, 1 << 20, 32 << 20, "test"), caches);
        Assert.Equal((8, 8, 16), (caches.Level1.Ways, caches.Level2.Ways, caches.Level3.Ways));
        Assert.Equal((64, 64, 64), (caches.Level1.LineSize, caches.Level2.LineSize, caches.Level3.LineSize));
    }

    [Theory]
    [InlineData(48 << 10, 1 << 20, 1 << 30, "L1 48K 8-way, L2 1M 8-way, L3 1G 16-way (test)")]
    [InlineData(1000, 1280 << 10, 33 << 20, "L1 1000 8-way, L2 1280K 8-way, L3 33M 16-way (test)")]
    [InlineData(0, 1025, 4L << 40, "L1 0 8-way, L2 1025 8-way, L3 4096G 16-way (test)")]
    public void Sizes_are_written_in_the_largest_unit_that_divides_them(long l1, long l2, long l3, string text) =>
        Assert.Equal(text, new CacheSizes(l1, l2, l3, "test").ToString());

    [Fact]
    public void This_machine_has_caches_in_order_with_ways_and_lines()
    {
        CacheSizes caches = CacheSizes.Current;
        Assert.Same(caches, CacheSizes.Current);
        Assert.True(caches.L1 >= 4 << 10 && caches.L1 <= caches.L2 && caches.L2 <= caches.L3 && caches.L3 <= 1 << 30, caches.ToString());
        Assert.All(
            new[] { caches.Level1, caches.Level2, caches.Level3 },
            level => Assert.True(level.Ways is >= 1 and <= 128 && level.LineSize is >= 16 and <= 1024, level.ToString()));
        Assert.StartsWith(caches.ToString(), CacheSizes.Explain(), StringComparison.Ordinal);
    }
}
