using Backprop.Cli.Output;
using Xunit;

namespace Backprop.Tests.Cli;

public class FormatTests
{
    [Theory]
    [InlineData(0.4, "0.40 s")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(185, "3 min 05 s")]
    [InlineData(7623, "2 h 07 min")]
    [InlineData(183845, "51 h 04 min")]
    public void Durations_have_units(double seconds, string expected) =>
        Assert.Equal(expected, Format.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0.0000")]
    [InlineData(1.23456, "1.2346")]
    [InlineData(0.00012345, "1.2345e-04")]
    [InlineData(123456, "1.2346e+05")]
    public void Costs_keep_five_digits(double cost, string expected) => Assert.Equal(expected, Format.Cost(cost));

    [Fact]
    public void Counts_have_separators_and_one_has_no_plural()
    {
        Assert.Equal("1,234,567", Format.Count(1234567));
        Assert.Equal("1 thread", Format.Plural(1, "thread"));
        Assert.Equal("0 classes", Format.Plural(0, "class"));
        Assert.Equal("two lines", Format.OneLine("two\nlines"));
    }
}
