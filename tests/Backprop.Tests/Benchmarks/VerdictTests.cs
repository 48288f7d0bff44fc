using Backprop.Benchmarks.Reports;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public class VerdictTests
{
    [Fact]
    public void The_width_that_is_as_fast_as_any_at_every_shape_is_the_one_to_use()
    {
        Verdict verdict = Assert.Single(Verdict.Of(
            [.. Shape("1x1x1", 100, 70, 50), .. Shape("2x2x2", 800, 400, 399), .. Shape("3x3x3", 900, 500, 300)]));
        Assert.Equal(["v512"], verdict.Levels);
        Assert.Empty(verdict.Exceptions);
        Assert.Equal([50, 399, 300], verdict.Rows.Select(row => row.MedianNs));
    }

    [Fact]
    public void Without_such_a_width_it_is_the_one_with_the_least_time_and_the_other_shapes_are_named()
    {
        // v256 takes 1 and 1 times the least, v512 1.5 and 1 times it, v128 2 and 1.2 times
        Verdict verdict = Assert.Single(Verdict.Of([.. Shape("1x1x1", 200, 100, 150), .. Shape("2x2x2", 120, 110, 100)]));
        Assert.Equal(["v256"], verdict.Levels);
        Assert.Equal("2x2x2", Assert.Single(verdict.Exceptions).Fastest.Shape);
    }

    [Fact]
    public void Rows_on_fewer_threads_tell_what_a_width_is_worth()
    {
        RowReport[] rows = [.. Shape("1x1x1", 100, 70, 50), .. Shape("1x1x1", 90, 20, 80).Select(row => row with { Threads = 2 })];
        Assert.Equal([1, 2], Verdict.Of(rows).Select(verdict => verdict.Threads));
        Assert.Equal(["v512"], Assert.Single(Verdict.OfFewestThreads(rows)).Levels);
    }

    [Fact]
    public void The_overall_width_wins_the_most_shapes_and_of_two_with_as_many_it_is_the_narrower()
    {
        Assert.Equal("v512", Verdict.Overall(
            [.. Glance.Of([.. Shape("1x1x1", 100, 70, 50), .. Shape("2x2x2", 100, 50, 70), .. Shape("3x3x3", 100, 70, 50)])]));
        Assert.Equal("v256", Verdict.Overall([.. Glance.Of([.. Shape("1x1x1", 100, 70, 50), .. Shape("2x2x2", 100, 50, 70)])]));
        Assert.Null(Verdict.Overall([]));
    }

    [Theory]
    [InlineData(new[] { 1.0 }, 1, "1.00×")]
    [InlineData(new[] { 3.0, 1.0, 2.0 }, 2, "1.00–3.00×")]
    [InlineData(new[] { 4.0, 1.0, 2.0, 3.0 }, 2.5, "1.00–4.00×")]
    [InlineData(new[] { 2.0, 2.00390625 }, 2.001953125, "2.00×")]
    public void Ranges_have_the_least_and_the_most_and_one_unit(double[] values, double median, string text)
    {
        Assert.Equal(median, Ranges.Median(values));
        Assert.Equal(text, Ranges.Text(values, Units.Factor));
    }

    private static RowReport[] Shape(string shape, double v128, double v256, double v512) =>
    [
        SampleReport.Row("v128", v128, null, spread: 0.001) with { Shape = shape },
        SampleReport.Row("v256", v256, null, spread: 0.001) with { Shape = shape },
        SampleReport.Row("v512", v512, null, spread: 0.001) with { Shape = shape },
    ];
}
