using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Reports;

namespace Backprop.Benchmarks.Suites;

internal sealed class GigabytesColumn() : KernelColumn("GB/s", "10⁹ bytes a second, counting what has to be moved at least")
{
    protected override string Format(KernelCase problem, double nanoseconds) => Units.Digits(problem.Bytes / nanoseconds);
}
