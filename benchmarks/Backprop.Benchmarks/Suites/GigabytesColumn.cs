using Backprop.Benchmarks.Cases;

namespace Backprop.Benchmarks.Suites;

internal sealed class GigabytesColumn() : ThroughputColumn("GB/s", "10⁹ bytes a second, counting what has to be moved at least")
{
    protected override double Amount(KernelCase problem) => problem.Bytes;
}
