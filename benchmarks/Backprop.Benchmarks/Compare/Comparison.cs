using System.Diagnostics;
using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Machine;
using Backprop.Benchmarks.Measuring;
using Backprop.Benchmarks.Reports;
using Backprop.Benchmarks.Work;

namespace Backprop.Benchmarks.Compare;

/// <summary>The whole comparison: limits, kernel by kernel, then a training run.</summary>
internal sealed class Comparison(CompareOptions options, TimeBudget budget, IComparisonObserver observer, CancellationToken cancellation)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly CacheSizes _caches = CacheSizes.Read();
    private readonly List<RowReport> _rows = [];
    private bool _failed;

    /// <summary>Runs it all, or as much as there is time for before <c>cancellation</c>; the report says whether it is complete.</summary>
    public Report Run()
    {
        MachineReport machine = MachineInfo.Read(_caches);
        observer.Started(machine);
        List<IGrouping<string, KernelCase>> kernels = [.. options.Cases.GroupBy(problem => problem.Kernel)];
        Schedule schedule = new(observer, kernels.Count + 2);

        schedule.Begin("limits of this machine");
        int[] threadCounts = options.Threads > 1 && options.Cases.Any(problem => problem.Threaded) ? [1, options.Threads] : [1];
        List<Limits> limits = [.. threadCounts.Select(threads => LimitsMeasurement.Run(threads, _caches))];
        LimitsReport limitsReport = Describe(limits);
        observer.LimitsMeasured(limitsReport);

        foreach (IGrouping<string, KernelCase> kernel in kernels)
        {
            if (cancellation.IsCancellationRequested)
                break;
            schedule.Begin(kernel.Key);
            RunKernel(kernel.Key, [.. kernel], limits);
        }

        IReadOnlyList<TrainingReport> training = [];
        if (!cancellation.IsCancellationRequested)
        {
            schedule.Begin("training on the digits");
            training = RunTraining();
        }
        return new Report(
            Report.CurrentSchemaVersion, !_failed && !cancellation.IsCancellationRequested, options.Quick,
            Stopwatch.GetElapsedTime(_start).TotalSeconds, machine, limitsReport, _rows, [], training);
    }

    private void RunKernel(string kernel, IReadOnlyList<KernelCase> cases, IReadOnlyList<Limits> limits)
    {
        KernelComparison comparison = new(options, budget, limits, observer, Fail, cancellation);
        List<RowReport> found = comparison.Run(cases);
        if (found.Count == 0)
            return;
        _rows.AddRange(found);
        observer.KernelFinished(kernel, found);
    }

    private IReadOnlyList<TrainingReport> RunTraining()
    {
        IReadOnlyList<TrainingReport> training =
            DigitsTraining.Run(options.Contenders, budget.TrainingEpochs, options.Threads, cancellation);
        if (training.Count == 0)
            return training;
        observer.TrainingFinished(training);
        if (training.DistinctBy(row => row.ParametersSha256).Count() > 1)
            Fail("training: the parameters differ between levels, they must be the same bits");
        return training;
    }

    private void Fail(string message)
    {
        _failed = true;
        observer.Failed(message);
    }

    private LimitsReport Describe(List<Limits> limits) => new(
        limits[0].PeakGflops,
        ByName(limits[0].ReadGBps),
        limits[0].FmaGflops,
        Enum.GetValues<MemoryLevel>().ToDictionary(level => level.ToString(), _caches.WorkingSet),
        ByName(limits[0].WriteGBps),
        ByName(limits[0].CopyGBps),
        [.. limits.Skip(1).Select(limit =>
            new ThreadLimitsReport(
            limit.Threads, limit.PeakGflops, ByName(limit.ReadGBps), limit.FmaGflops, ByName(limit.WriteGBps), ByName(limit.CopyGBps)))]);

    private static Dictionary<string, double> ByName(IReadOnlyDictionary<MemoryLevel, double> byLevel) =>
        byLevel.ToDictionary(entry => entry.Key.ToString(), entry => entry.Value);
}
