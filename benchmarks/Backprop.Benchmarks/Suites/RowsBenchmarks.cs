using BenchmarkDotNet.Attributes;

namespace Backprop.Benchmarks.Suites;

/// <summary>Work on the rows of a batch: bias and sigmoid, softmax, and the whole output layer.</summary>
[BenchmarkCategory("rows")]
public class RowsBenchmarks : KernelBenchmarks
{
    [Params("128x10", "64x1000")]
    public string Size { get; set; } = "";

    [GlobalSetup(Target = nameof(BiasSigmoid))]
    public void SetUpBiasSigmoid() => SetUp(nameof(BiasSigmoid));

    [Benchmark]
    [KernelShape("bias-sigmoid:{Size}")]
    public void BiasSigmoid() => Run();

    [GlobalSetup(Target = nameof(Softmax))]
    public void SetUpSoftmax() => SetUp(nameof(Softmax));

    [Benchmark]
    [KernelShape("softmax:{Size}")]
    public void Softmax() => Run();

    [GlobalSetup(Target = nameof(CrossEntropy))]
    public void SetUpCrossEntropy() => SetUp(nameof(CrossEntropy));

    [Benchmark]
    [KernelShape("cross-entropy:{Size}")]
    public void CrossEntropy() => Run();
}
