using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Measuring;
using Backprop.Benchmarks.Reports;
using Backprop.Simd;

namespace Backprop.Benchmarks.Agreement;

/// <summary>Shapes measured as <c>compare</c> does, round after round.</summary>
internal sealed class CompareRounds(CompareOptions options) : IDisposable
{
    private readonly TierWatch _watch = new();
    private readonly Limits _limits = LimitsMeasurement.Run(threads: 1, CacheSizes.Current);
    private readonly ConsoleReport _console = new();
    private readonly List<RowReport> _rows = [];

    public void Run(int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            foreach (KernelCase problem in options.Cases)
                _rows.AddRange(Measure(problem));
        }
    }

    /// <summary>The least median of all rounds, or null where nothing was measured.</summary>
    public double? Median(KernelCase problem) =>
        _rows.Where(row => row.Kernel == problem.Kernel && row.Shape == problem.Shape).Min(row => (double?)row.MedianNs);

    public void Dispose() => _watch.Dispose();

    private List<RowReport> Measure(KernelCase problem)
    {
        TimeBudget budget = TimeBudget.Full;
        KernelComparison comparison = new(
            options, options.Contenders, budget, _limits, new Allowance(budget.Repeats), _console, _console.Failed, CancellationToken.None);
        return comparison.Run([problem]);
    }
}
