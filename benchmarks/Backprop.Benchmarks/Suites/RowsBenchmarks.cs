using BenchmarkDotNet.Attributes;

namespace Backprop.Benchmarks.Suites;

/// <summary>Work on the rows of a batch: bias and sigmoid, softmax, and the output layer as a whole and in parts.</summary>
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

    [GlobalSetup(Target = nameof(LogSoftmax))]
    public void SetUpLogSoftmax() => SetUp(nameof(LogSoftmax));

    [Benchmark]
    [KernelShape("log-softmax:{Size}")]
    public void LogSoftmax() => Run();

    [GlobalSetup(Target = nameof(SoftmaxJacobianProduct))]
    public void SetUpSoftmaxJacobianProduct() => SetUp(nameof(SoftmaxJacobianProduct));

    [Benchmark]
    [KernelShape("softmax-jacobian-product:{Size}")]
    public void SoftmaxJacobianProduct() => Run();

    [GlobalSetup(Target = nameof(CostFromProbabilities))]
    public void SetUpCostFromProbabilities() => SetUp(nameof(CostFromProbabilities));

    [Benchmark]
    [KernelShape("cost-from-probabilities:{Size}")]
    public void CostFromProbabilities() => Run();

    [GlobalSetup(Target = nameof(CostFromLogits))]
    public void SetUpCostFromLogits() => SetUp(nameof(CostFromLogits));

    [Benchmark]
    [KernelShape("cost-from-logits:{Size}")]
    public void CostFromLogits() => Run();

    [GlobalSetup(Target = nameof(OutputDelta))]
    public void SetUpOutputDelta() => SetUp(nameof(OutputDelta));

    [Benchmark]
    [KernelShape("output-delta:{Size}")]
    public void OutputDelta() => Run();
}
