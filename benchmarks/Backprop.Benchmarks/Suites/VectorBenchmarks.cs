using BenchmarkDotNet.Attributes;

namespace Backprop.Benchmarks.Suites;

/// <summary>Matrix times vector, and the outer product added to a matrix.</summary>
[BenchmarkCategory("gemv", "ger")]
public class VectorBenchmarks : KernelBenchmarks
{
    [Params("30x784", "256x256", "2048x2048")]
    public string Size { get; set; } = "";

    [GlobalSetup(Target = nameof(GemvN))]
    public void SetUpGemvN() => SetUp(nameof(GemvN));

    [Benchmark]
    [KernelShape("gemv:{Size}:n")]
    public void GemvN() => Run();

    [GlobalSetup(Target = nameof(GemvT))]
    public void SetUpGemvT() => SetUp(nameof(GemvT));

    [Benchmark]
    [KernelShape("gemv:{Size}:t")]
    public void GemvT() => Run();

    [GlobalSetup(Target = nameof(Ger))]
    public void SetUpGer() => SetUp(nameof(Ger));

    [Benchmark]
    [KernelShape("ger:{Size}")]
    public void Ger() => Run();
}
