using Backprop.Benchmarks.Cases;

namespace Backprop.Benchmarks.Suites;

internal sealed class GflopsColumn() : ThroughputColumn("GFLOP/s", "10⁹ floating-point operations a second")
{
    protected override double Amount(KernelCase problem) => problem.Flops;
}
