using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Reports;

namespace Backprop.Benchmarks.Suites;

internal sealed class GflopsColumn() : KernelColumn("GFLOP/s", "10⁹ floating-point operations a second")
{
    protected override string Format(KernelCase problem, double nanoseconds) => Units.Digits(problem.Flops / nanoseconds);
}
