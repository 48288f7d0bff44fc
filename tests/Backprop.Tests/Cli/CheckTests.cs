using System.Text.Json;
using Xunit;

namespace Backprop.Tests.Cli;

public class CheckTests
{
    [Theory]
    [InlineData("check", 64, 30, 10)]
    [InlineData("check --layers 17-9-8-5 --rows 3 --seed 7", 17, 9, 8, 5)]
    [InlineData("check --layers 6-3", 6, 3)]
    public void A_right_gradient_passes(string arguments, params int[] layers)
    {
        JsonElement json = CliRunner.Run([.. arguments.Split(' '), "--json"]).AssertSuccess().Json;

        Assert.True(json.GetProperty("passed").GetBoolean());
        Assert.Equal(layers, json.GetProperty("layers").EnumerateArray().Select(size => size.GetInt32()));
        int parameters = Enumerable.Range(1, layers.Length - 1).Sum(l => (layers[l - 1] + 1) * layers[l]);
        Assert.Equal(parameters, json.GetProperty("parametersChecked").GetInt32());
        Assert.InRange(json.GetProperty("worstRelativeError").GetDouble(), 0, 1e-6);
        Assert.InRange(json.GetProperty("worstFloatError").GetDouble(), 0, json.GetProperty("floatErrorBound").GetDouble());
    }

    [Fact]
    public void Text_output_says_where_the_worst_errors_are()
    {
        CliResult result = CliRunner.Run("check", "--layers", "5-4-3").AssertSuccess();

        Assert.Matches(@"worst relative error \d\.\d\de-\d\d \(bound 1e-06\)\n  at (weights|biases) of layer \d \[", result.Output);
        Assert.Matches(@"worst error \d\.\d\de-\d\d \(bound \d\.\d\de-\d\d\)\n  at (weights|biases) of layer \d \[", result.Output);
        Assert.EndsWith("passed\n", result.Output, StringComparison.Ordinal);
    }
}
