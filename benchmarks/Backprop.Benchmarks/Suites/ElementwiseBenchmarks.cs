using BenchmarkDotNet.Attributes;

namespace Backprop.Benchmarks.Suites;

/// <summary>One value in, one out.</summary>
[BenchmarkCategory("elementwise")]
public class ElementwiseBenchmarks : KernelBenchmarks
{
    [Params(100, 1000, 100_000)]
    public int Length { get; set; }

    [GlobalSetup(Target = nameof(Exp))]
    public void SetUpExp() => SetUp(nameof(Exp));

    [Benchmark]
    [KernelShape("exp:{Length}")]
    public void Exp() => Run();

    [GlobalSetup(Target = nameof(Log))]
    public void SetUpLog() => SetUp(nameof(Log));

    [Benchmark]
    [KernelShape("log:{Length}")]
    public void Log() => Run();

    [GlobalSetup(Target = nameof(Sigmoid))]
    public void SetUpSigmoid() => SetUp(nameof(Sigmoid));

    [Benchmark]
    [KernelShape("sigmoid:{Length}")]
    public void Sigmoid() => Run();
}
