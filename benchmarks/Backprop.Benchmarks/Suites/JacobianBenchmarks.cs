using BenchmarkDotNet.Attributes;

namespace Backprop.Benchmarks.Suites;

/// <summary>The whole Jacobian of the softmax of one example.</summary>
[BenchmarkCategory("jacobian")]
public class JacobianBenchmarks : KernelBenchmarks
{
    [Params(10, 100, 1000)]
    public int Length { get; set; }

    [GlobalSetup(Target = nameof(SoftmaxJacobian))]
    public void SetUpSoftmaxJacobian() => SetUp(nameof(SoftmaxJacobian));

    [Benchmark]
    [KernelShape("softmax-jacobian:{Length}")]
    public void SoftmaxJacobian() => Run();
}
