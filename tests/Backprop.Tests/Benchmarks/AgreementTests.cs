using Backprop.Benchmarks.Agreement;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public class AgreementTests
{
    [Theory]
    [InlineData(100, 100, 0)]
    [InlineData(100, 110, 0.1)]
    [InlineData(110, 100, 0.1)]
    [InlineData(50, 100, 1)]
    public void Two_times_are_as_far_apart_whichever_is_longer(double a, double b, double expected) =>
        Assert.Equal(expected, AgreeCommand.Apart(a, b), 1e-12);
}
