using BenchmarkDotNet.Attributes;

namespace Backprop.Benchmarks.Suites;

/// <summary>A training step and a prediction of whole networks.</summary>
[BenchmarkCategory("network")]
public class StepBenchmarks : KernelBenchmarks
{
    [Params("784-30-10:10", "784-100-10:128")]
    public string Network { get; set; } = "";

    [GlobalSetup(Target = nameof(Step))]
    public void SetUpStep() => SetUp(nameof(Step));

    [Benchmark]
    [KernelShape("step:{Network}")]
    public void Step() => Run();

    [GlobalSetup(Target = nameof(Predict))]
    public void SetUpPredict() => SetUp(nameof(Predict));

    [Benchmark]
    [KernelShape("predict:{Network}")]
    public void Predict() => Run();
}
