using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Reports;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public class CompareOptionsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Threads_below_one_or_above_the_cores_are_refused(int threads)
    {
        InputException exception = Assert.Throws<InputException>(() => CompareCommand.ReadOptions(false, [], [], threads, []));
        Assert.StartsWith($"--threads {threads}: expected 1 to {Environment.ProcessorCount}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Named_shapes_replace_the_default_list_and_count_once()
    {
        CompareOptions options = CompareCommand.ReadOptions(true, ["exp:5", "ger:3x4", "exp:5"], ["auto"], 1, []);
        Assert.Equal(["exp 5", "ger 3x4"], options.Cases.Select(problem => $"{problem.Kernel} {problem.Shape}"));
        Assert.True(options.ContendersNamed);
    }

    [Fact]
    public void Two_reports_to_one_file_are_refused()
    {
        string path = Path.Combine(Path.GetTempPath(), $"backprop-{Guid.NewGuid():N}.txt");
        OutputFile json = new("--json", path, _ => ""), html = new("--html", path, _ => "");
        InputException exception = Assert.Throws<InputException>(() => CompareCommand.ReadOptions(true, [], [], 1, [json, html]));
        Assert.Contains("same file", exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData("compare", "--shape", "gemm:0x1x1:nn")]
    [InlineData("compare", "--shape")]
    [InlineData("compare", "--level", "v1024")]
    [InlineData("compare", "--threads", "0")]
    [InlineData("compare", "--threads", "two")]
    [InlineData("compare", "--json", "")]
    [InlineData("compare", "--no-such-option")]
    [InlineData("compare", "stray")]
    [InlineData("compere")]
    public void Bad_input_ends_with_code_2_and_one_line_on_standard_error(params string[] args)
    {
        using StringWriter error = new();
        Assert.Equal(2, Backprop.Benchmarks.Program.Run(args, error));
        Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
