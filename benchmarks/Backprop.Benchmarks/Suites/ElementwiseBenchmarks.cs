using BenchmarkDotNet.Attributes;

namespace Backprop.Benchmarks.Suites;

/// <summary>Work on each element by itself, and the norm of them all.</summary>
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

    [GlobalSetup(Target = nameof(SigmoidDerivative))]
    public void SetUpSigmoidDerivative() => SetUp(nameof(SigmoidDerivative));

    [Benchmark]
    [KernelShape("sigmoid-derivative:{Length}")]
    public void SigmoidDerivative() => Run();

    [GlobalSetup(Target = nameof(MultiplySigmoidDerivative))]
    public void SetUpMultiplySigmoidDerivative() => SetUp(nameof(MultiplySigmoidDerivative));

    [Benchmark]
    [KernelShape("multiply-sigmoid-derivative:{Length}")]
    public void MultiplySigmoidDerivative() => Run();

    [GlobalSetup(Target = nameof(Norm))]
    public void SetUpNorm() => SetUp(nameof(Norm));

    [Benchmark]
    [KernelShape("norm:{Length}")]
    public void Norm() => Run();
}
