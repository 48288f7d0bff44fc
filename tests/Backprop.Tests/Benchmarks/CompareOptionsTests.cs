using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Measuring;
using Backprop.Benchmarks.Reports;
using Backprop.Simd;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public class CompareOptionsTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("2147483647")]
    [InlineData("two")]
    [InlineData("ALL")]
    [InlineData("")]
    public void Threads_below_one_or_above_the_cores_are_refused(string threads)
    {
        InputException exception = Assert.Throws<InputException>(() => Read(new() { Threads = ["1", threads] }));
        Assert.StartsWith($"--threads {threads}: expected 1 to {Environment.ProcessorCount}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Named_shapes_replace_the_default_list_and_count_once()
    {
        CompareOptions options = Read(new() { Shapes = ["exp:5", "ger:3x4", "exp:5"], Levels = ["auto"] });
        Assert.Equal(["exp 5", "ger 3x4"], options.Cases.Select(problem => $"{problem.Kernel} {problem.Shape}"));
        Assert.True(options.ContendersNamed);
    }

    [Fact]
    public void Two_reports_to_one_file_are_refused()
    {
        string path = Path.Combine(Path.GetTempPath(), $"backprop-{Guid.NewGuid():N}.txt");
        OutputFile json = new("--json", path, _ => ""), html = new("--html", path, _ => "");
        InputException exception = Assert.Throws<InputException>(() => Read(new() { Quick = true, Outputs = [json, html] }));
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
    [InlineData("compare", "--markdown", "no/such/folder/report.md")]
    [InlineData("compare", "--size", "L4")]
    [InlineData("compare", "--kernel", "gemm-xx")]
    [InlineData("compare", "--shape", "exp:8", "--kernel", "log")]
    [InlineData("compare", "--shape", "exp:2147483647", "momentum:2147483647")]
    [InlineData("compare", "--baseline", "no-such-report.json")]
    [InlineData("compare", "--peers", "no-such-peer")]
    [InlineData("compare", "--with", "no-such-build.dll")]
    [InlineData("compare", "--with", "")]
    [InlineData("compare", "--with")]
    [InlineData("compare", "--tolerance", "-1")]
    [InlineData("compare", "--tolerance", "much")]
    [InlineData("compare", "--no-such-option")]
    [InlineData("compare", "stray")]
    [InlineData("compere")]
    public void Bad_input_ends_with_code_2_and_one_line_on_standard_error(params string[] args)
    {
        using StringWriter error = new();
        Assert.Equal(2, Backprop.Benchmarks.Program.Run(args, error));
        Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void An_unknown_peer_is_refused_with_the_known_ones_before_they_are_built()
    {
        InputException exception = Assert.Throws<InputException>(() => Read(new() { Quick = true, Peers = ["mkl", "three"] }));
        Assert.Equal(
            "unknown peer 'three', expected openblas, blis, mkl, mathnet, cpumath, numsharp, onnxruntime, libtorch", exception.Message);
    }

    [Fact]
    public void Threads_are_numbers_or_all_and_come_in_order() =>
        Assert.Equal([1, 3, 8], ThreadCounts.Parse(["all", "3", "1", "8"], cores: 8));

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(2, new[] { 1, 2 })]
    [InlineData(8, new[] { 1, 2, 4, 8 })]
    [InlineData(12, new[] { 1, 2, 4, 8, 12 })]
    public void Scaling_goes_by_powers_of_two_to_all_cores(int cores, int[] expected) =>
        Assert.Equal(expected, ThreadCounts.Scaling(cores));

    [Fact]
    public void The_default_list_is_measured_on_one_thread_and_on_all_and_named_shapes_on_one()
    {
        Assert.Equal(ThreadCounts.Scaling(Environment.ProcessorCount), Read(new()).Threads);
        Assert.Equal([1], Read(new() { Quick = true }).Threads);
        Assert.Equal([1], Read(new() { Shapes = ["exp:5"] }).Threads);
        Assert.Equal([Environment.ProcessorCount], Read(new() { Threads = ["all"] }).Threads);
    }

    [Fact]
    public void A_kernel_that_is_named_keeps_its_shapes_alone_also_of_the_quick_list()
    {
        Assert.Equal(["gemm-nt", "log"], Kernels(new() { Quick = true, Kernels = ["log", "gemm-nt"] }));
        Assert.Equal(["gemv-n", "gemv-t"], Kernels(new() { Kernels = ["gemv"] }));
        Assert.Equal(["exp"], Kernels(new() { Shapes = ["exp:5", "log:5"], Kernels = ["exp"] }));
        Assert.Equal(["startup-step"], Kernels(new() { Shapes = ["startup:5-3"], Kernels = ["startup-step"] }));
    }

    [Theory]
    [InlineData("L1")]
    [InlineData("L2")]
    [InlineData("L3")]
    public void Shapes_of_a_size_live_in_that_level_and_cover_every_kind(string size)
    {
        CacheSizes caches = new(32 << 10, 1 << 20, 32 << 20, "test");
        IReadOnlyList<KernelCase> cases = ShapeSelection.Select(new() { Sizes = [size] }, caches);
        Assert.All(cases, problem => Assert.Equal(size, caches.Holding(problem.WorkingSet).ToString()));
        Assert.All(ShapeParser.Forms.Where(form => !form.OnlyNamed), form => Assert.Contains(cases, problem => form.Kernels.Contains(problem.Kernel)));
    }

    private static CompareOptions Read(CompareInput input) => CompareCommand.ReadOptions(input);

    private static IEnumerable<string> Kernels(CompareInput input) => Read(input).Cases.Select(problem => problem.Kernel).Distinct();
}
