using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Cli;

public class UsageTests
{
    [Theory]
    [InlineData("", "no verb", "backprop --help")]
    [InlineData("learn", "learn", "backprop --help")]
    [InlineData("train --speed 3", "--speed", "backprop train --help")]
    [InlineData("train --epochs", "--epochs", "backprop train --help")]
    [InlineData("train --epochs 0", "--epochs", "at least 1", "'0'")]
    [InlineData("train --epochs 1.5", "--epochs", "'1.5'")]
    [InlineData("train --epochs 3 --epochs 4", "--epochs")]
    [InlineData("train --batch 0", "--batch", "at least 1", "'0'")]
    [InlineData("train --batch -3", "--batch", "'-3'")]
    [InlineData("train --batch 99999999999", "--batch", "'99999999999'")]
    [InlineData("train --learning-rate NaN", "--learning-rate", "finite", "'NaN'")]
    [InlineData("train --learning-rate -0.1", "--learning-rate", "at least 0", "'-0.1'")]
    [InlineData("train --learning-rate Infinity", "--learning-rate", "finite")]
    [InlineData("train --learning-rate 1e39", "--learning-rate", "finite", "'1e39'")]
    [InlineData("train --learning-rate 0,5", "--learning-rate", "such as 0.5", "'0,5'")]
    [InlineData("train --learning-rate fast", "--learning-rate", "'fast'")]
    [InlineData("train --momentum -1", "--momentum", "'-1'")]
    [InlineData("train --momentum 1", "--momentum", "below 1", "'1'")]
    [InlineData("train --l2 NaN", "--l2", "'NaN'")]
    [InlineData("train --init magic", "--init", "scaled, xavier, normal, network3", "'magic'")]
    [InlineData("train --seed -1", "--seed", "'-1'")]
    [InlineData("train --seed 18446744073709551616", "--seed", "18446744073709551615")]
    [InlineData("train --threads 0", "--threads", "from 1 to 256", "'0'")]
    [InlineData("train --threads 257", "--threads", "'257'")]
    [InlineData("train --hidden 0", "--hidden", "at least 1", "'0'")]
    [InlineData("train --hidden -5", "--hidden", "'-5'")]
    [InlineData("train --hidden 10,,5", "--hidden", "'10,,5'")]
    [InlineData("train --hidden many", "--hidden", "'many'")]
    [InlineData("train --train-count 0", "--train-count", "at least 1", "'0'")]
    [InlineData("evaluate", "MODEL", "backprop evaluate --help")]
    [InlineData("evaluate a.safetensors b.safetensors", "b.safetensors")]
    [InlineData("evaluate a.safetensors --part half", "--part", "'half'")]
    [InlineData("predict a.safetensors --count 0", "--count", "at least 1", "'0'")]
    [InlineData("predict a.safetensors --data digits --input x.csv", "--input", "--data")]
    [InlineData("check --layers 64,30,10", "--layers", "'-'", "'64,30,10'")]
    [InlineData("check --layers 64-0-10", "--layers", "'64-0-10'")]
    [InlineData("check --rows 0", "--rows", "'0'")]
    [InlineData("plot --out p.png", "METRICS.csv", "backprop plot --help")]
    [InlineData("plot a.csv", "--out", "backprop plot --help")]
    [InlineData("plot a.csv --out p.png --published 97", "--published", "LABEL=EPOCH:PERCENT", "'97'")]
    [InlineData("plot a.csv --out p.png --published end=101", "--published", "'end=101'")]
    [InlineData("plot a.csv --out p.png --published end=0:97", "--published", "'end=0:97'")]
    [InlineData("plot a.csv --out p.png --published end=1:2:97", "--published", "'end=1:2:97'")]
    [InlineData("info now", "now")]
    [InlineData("info --plan ger:3x4", "--plan", "'ger:3x4'", "expected gemm:MxNxK[:nn|nt|tn|tt] or gemv:MxN:n|t")]
    [InlineData("info --plan gemm:3x4", "--plan", "'gemm:3x4'", "expected gemm")]
    [InlineData("info --plan gemm:3x0x5", "--plan", "'gemm:3x0x5'", "from 1 to")]
    [InlineData("info --plan gemm:3x4x5:xy", "--plan", "'gemm:3x4x5:xy'", "nn|nt|tn|tt")]
    [InlineData("info --plan gemm:3x4x5:nn:nn", "--plan", "'gemm:3x4x5:nn:nn'")]
    [InlineData("info --plan gemv:3x4", "--plan", "'gemv:3x4'", "gemv:MxN:n|t")]
    [InlineData("info --plan gemm:3x4x2147483648", "--plan", "'gemm:3x4x2147483648'", "2147483647")]
    [InlineData("info --plan gemm:3x4x5 --threads 0", "--threads", "from 1 to 256", "'0'")]
    public void A_wrong_command_line_gets_one_line_that_points_to_help(string arguments, params string[] fragments)
    {
        CliResult result = CliRunner.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        result.AssertBadInput(["--help'", .. fragments]);
    }

    [Fact]
    public void A_network_of_one_layer_is_refused() => CliRunner.Run("check", "--layers", "64").AssertBadInput("--layers: ", "at least 2");

    [Theory]
    [InlineData("2000000000", "64-2000000000-10")]
    [InlineData("50000,50000", "64-50000-50000-10")]
    public void More_parameters_than_an_array_holds_are_refused(string hidden, string layers)
    {
        using TempFolder folder = new();

        CliRunner.Run("train", "--hidden", hidden, "--out", folder.PathOf("m.safetensors"))
            .AssertBadInput("--hidden: ", layers, "parameters", "at most");

        Assert.Empty(TestFiles.NamesIn(folder));
    }

    [Fact]
    public void A_batch_that_no_array_holds_is_refused()
    {
        using TempFolder folder = new();
        // 10,800 examples train; activations and deltas of 100,000 units each are more than 2³¹ numbers.
        string data = folder.Write("data.csv", string.Concat(Enumerable.Repeat("0.1,0\n0.2,1\n", 7500)));

        CliRunner.Run("train", "--data", data, "--hidden", "100000", "--batch", "2000000000", "--out", folder.PathOf("m.safetensors"))
            .AssertBadInput("--batch: ", "10800 rows", "at most");

        Assert.Equal(["data.csv"], TestFiles.NamesIn(folder));
    }

    [Theory]
    [InlineData("check --layers 300000-2 --rows 10000", "--rows: 10000", "300000 inputs", "3000000000", "at most 10000000")]
    [InlineData("check --layers 2000000000-2", "--layers: ", "2000000000-2", "at most")]
    public void A_check_that_no_memory_holds_is_refused(string arguments, params string[] fragments) =>
        CliRunner.Run(arguments.Split(' ')).AssertBadInput(fragments);

    [Theory]
    [InlineData(
        "--help", "train", "evaluate", "predict", "check", "info", "BACKPROP_SIMD_LEVEL", "BACKPROP_CACHES", "Exit codes", "Examples:")]
    [InlineData("train --help", "scaled", "xavier", "normal", "network3", "1.5 with sgd", "[default: scaled]", "last fifth", "Examples:")]
    [InlineData("evaluate --help", "MODEL", "nats", "Examples:")]
    [InlineData("predict --help", "MODEL", "--input", "Examples:")]
    [InlineData("check --help", "[default: 64-30-10]", "Examples:")]
    [InlineData("plot --help", "METRICS.csv", "--published", "Examples:")]
    [InlineData("info --help", "BACKPROP_SIMD_LEVEL", "BACKPROP_CACHES", "--plan", "gemm:512x1024x1024:tn", "Examples:")]
    public void Help_explains(string arguments, params string[] fragments)
    {
        CliResult result = CliRunner.Run(arguments.Split(' ')).AssertSuccess();

        Assert.All(fragments, fragment => Assert.Contains(fragment, result.Output, StringComparison.Ordinal));
        Assert.Equal("", result.Error);
    }

    [Theory]
    [InlineData("train")]
    [InlineData("evaluate")]
    [InlineData("predict")]
    public void Help_comes_even_where_other_options_are_wrong(string verb) =>
        Assert.Contains("Examples:", CliRunner.Run(verb, "--help", "--seed", "x").AssertSuccess().Output, StringComparison.Ordinal);
}
