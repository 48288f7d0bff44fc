using BenchmarkDotNet.Attributes;

namespace Backprop.Benchmarks.Suites;

/// <summary>Matrix products in the transpositions that training uses, and the fourth.</summary>
[BenchmarkCategory("gemm")]
public class GemmBenchmarks : KernelBenchmarks
{
    [Params("10x30x784", "128x512x784", "512x512x512")]
    public string Size { get; set; } = "";

    [GlobalSetup(Target = nameof(GemmNn))]
    public void SetUpGemmNn() => SetUp(nameof(GemmNn));

    [Benchmark]
    [KernelShape("gemm:{Size}:nn")]
    public void GemmNn() => Run();

    [GlobalSetup(Target = nameof(GemmNt))]
    public void SetUpGemmNt() => SetUp(nameof(GemmNt));

    [Benchmark]
    [KernelShape("gemm:{Size}:nt")]
    public void GemmNt() => Run();

    [GlobalSetup(Target = nameof(GemmTn))]
    public void SetUpGemmTn() => SetUp(nameof(GemmTn));

    [Benchmark]
    [KernelShape("gemm:{Size}:tn")]
    public void GemmTn() => Run();

    [GlobalSetup(Target = nameof(GemmTt))]
    public void SetUpGemmTt() => SetUp(nameof(GemmTt));

    [Benchmark]
    [KernelShape("gemm:{Size}:tt")]
    public void GemmTt() => Run();
}
