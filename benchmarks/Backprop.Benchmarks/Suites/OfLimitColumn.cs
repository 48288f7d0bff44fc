using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Measuring;
using Backprop.Benchmarks.Reports;
using Backprop.Simd;

namespace Backprop.Benchmarks.Suites;

/// <summary>The limits are measured by this process when the first figure is asked for, after all benchmarks have run.</summary>
internal sealed class OfLimitColumn()
    : KernelColumn("Of limit", "The time that this machine's measured limits allow, divided by the median")
{
    private readonly Lazy<Limits> _limits = new(() => LimitsMeasurement.Run(threads: 1, CacheSizes.Current));

    protected override string Format(KernelCase problem, double nanoseconds) =>
        Units.Percent(_limits.Value.Roofline(problem).Nanoseconds / nanoseconds);
}
