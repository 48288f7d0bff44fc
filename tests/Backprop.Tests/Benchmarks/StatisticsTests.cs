using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Measuring;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public class StatisticsTests
{
    [Fact]
    public void Median_and_quartiles_of_an_odd_number_of_samples_are_samples()
    {
        Statistics statistics = Statistics.Of([5, 1, 4, 2, 3]);
        Assert.Equal(new Statistics(Median: 3, LowerQuartile: 2, UpperQuartile: 4, Count: 5), statistics);
        Assert.Equal(1.0 / 3, statistics.Spread);
    }

    [Fact]
    public void Quantiles_between_samples_are_interpolated() =>
        Assert.Equal(new Statistics(Median: 2.5, LowerQuartile: 1.75, UpperQuartile: 3.25, Count: 4), Statistics.Of([4, 3, 2, 1]));

    [Fact]
    public void One_sample_is_its_own_median_without_spread()
    {
        Assert.Equal(new Statistics(7, 7, 7, 1), Statistics.Of([7]));
        Assert.Equal(0, Statistics.Of([7]).Spread);
    }

    [Fact]
    public void One_outlier_moves_neither_the_median_nor_the_quartiles_far()
    {
        Statistics quiet = Statistics.Of([1, 2, 3, 4, 5, 6, 7, 8, 9]);
        Statistics disturbed = Statistics.Of([1, 2, 3, 4, 5, 6, 7, 8, 1e9]);
        Assert.Equal(quiet, disturbed);
    }

    [Fact]
    public void The_interval_of_the_median_has_as_many_samples_as_chance_leaves_on_either_side()
    {
        // of 100 samples 40 are below the lower end, as far as 100 coins go in 19 of 20 throws
        Assert.Equal((40, 61), Statistics.MedianInterval(Enumerable.Range(1, 100).Reverse().Select(i => (double)i)));
        Assert.Equal((1, 3), Statistics.MedianInterval([2, 3, 1]));
        Assert.Equal((7, 7), Statistics.MedianInterval([7]));
    }

    [Fact]
    public void No_samples_are_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Statistics.Of([]));

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 5)]
    [InlineData(5, 5)]
    [InlineData(6, 5)]
    [InlineData(1_000_003, 100)]
    public void A_sample_of_indices_has_the_first_and_the_last_and_none_twice(long count, long limit)
    {
        long[] indices = [.. ResultCheck.Sample(count, limit)];
        Assert.Equal(indices.Distinct().Order(), indices);
        Assert.InRange(indices.Length, Math.Min(count, limit) / 2, limit + 1);
        if (count > 0)
            Assert.Equal((0, count - 1), (indices[0], indices[^1]));
        if (count <= limit)
            Assert.Equal(count, indices.Length);
    }
}
