using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Compare;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public class ScheduleTests
{
    private static readonly TimeSpan[] s_expected =
        [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15)];

    [Theory]
    // at first what is expected, 60 s
    [InlineData(0, 0, 60)]
    // as expected so far
    [InlineData(1, 10, 50)]
    // 10 s became 30 s; 10 s more count as expected: the rest is taken for twice as long
    [InlineData(1, 30, 100)]
    // 40 s became 15 s: half as long
    [InlineData(2, 15, 10)]
    [InlineData(4, 100, 0)]
    public void The_time_left_is_what_was_expected_at_the_pace_so_far(int done, double elapsed, double remaining) =>
        Assert.Equal(remaining, Schedule.Remaining(s_expected, done, TimeSpan.FromSeconds(elapsed)).TotalSeconds, 1e-6);

    [Fact]
    public void Shapes_levels_and_slow_calls_are_expected_to_take_their_time()
    {
        ExpectedTime expected = new(TimeBudget.Full);
        KernelCase small = ShapeParser.Parse("exp:100"), large = ShapeParser.Parse("gemm:2048x2048x2048:nn");
        // a quarter of a second, then for each of two levels 100 ms, 20 ms and 15 samples of 5 ms
        Assert.Equal(0.25 + 2 * 0.195, expected.Kernel([small], 2).TotalSeconds, 0.001);
        // the largest call is expected to be as long as the longest that is not left out
        Assert.Equal(60, (expected.Kernel([large], 2) - expected.Kernel([small], 2)).TotalSeconds, 0.001);
    }
}
