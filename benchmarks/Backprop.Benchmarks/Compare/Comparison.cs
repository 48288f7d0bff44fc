using System.Diagnostics;
using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Machine;
using Backprop.Benchmarks.Measuring;
using Backprop.Benchmarks.Reports;
using Backprop.Benchmarks.Startup;
using Backprop.Benchmarks.Work;
using Backprop.Simd;

namespace Backprop.Benchmarks.Compare;

/// <summary>The whole comparison: limits, kernel by kernel, then a training run.</summary>
internal sealed class Comparison(CompareOptions options, TimeBudget budget, IComparisonObserver observer, CancellationToken cancellation)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly CacheSizes _caches = CacheSizes.Current;
    private readonly List<RowReport> _rows = [];
    private readonly Allowance _repeats = new(budget.Repeats);
    private bool _failed;

    /// <summary>Runs it all, or as much as there is time for before <c>cancellation</c>; the report says whether it is complete.</summary>
    public Report Run()
    {
        MachineReport machine = MachineInfo.Read(_caches);
        observer.Started(machine);
        IReadOnlyList<PeerReport> peers = FindPeers();
        List<(IGrouping<string, KernelCase> Kernel, int Threads)> parts =
            [.. options.Cases.GroupBy(problem => problem.Kernel).SelectMany(ThreadCountsOf, ValueTuple.Create)];
        List<int> threadCounts = [.. parts.Select(part => part.Threads).Append(1).Distinct().Order()];
        Schedule schedule = new(observer, [.. Expect(parts, threadCounts.Count)]);
        using TierWatch watch = new();

        schedule.Begin("limits of this machine");
        List<Limits> limits = [.. threadCounts.Select(threads => LimitsMeasurement.Run(threads, _caches))];
        LimitsReport limitsReport = Describe(limits);
        observer.LimitsMeasured(limitsReport);

        foreach ((IGrouping<string, KernelCase> kernel, int threads) in parts)
        {
            if (cancellation.IsCancellationRequested)
                break;
            schedule.Begin(threads == 1 ? kernel.Key : $"{kernel.Key}, {threads} threads");
            RunKernel(kernel.Key, [.. kernel], limits.First(limit => limit.Threads == threads));
        }

        IReadOnlyList<TrainingReport> training = [];
        if (!cancellation.IsCancellationRequested)
        {
            schedule.Begin("training on the digits");
            training = RunTraining();
        }
        return new Report(
            Report.CurrentSchemaVersion, !_failed && !cancellation.IsCancellationRequested, options.Quick,
            Stopwatch.GetElapsedTime(_start).TotalSeconds, machine, limitsReport, _rows, peers, training);
    }

    private IReadOnlyList<PeerReport> FindPeers()
    {
        IReadOnlyList<PeerReport> peers = [.. options.Contenders.OfType<IPeer>().Select(peer => peer.Describe(options.Threads[^1]))];
        if (peers.Count > 0)
            observer.PeersFound(peers);
        foreach (IPeer peer in options.MissingPeers)
            observer.Noticed($"peer {peer.Name} left out: {peer.Unavailable}");
        foreach (OtherBuild build in options.Contenders.OfType<OtherBuild>())
            NoticeMissing(build);
        return peers;
    }

    private void NoticeMissing(OtherBuild build)
    {
        foreach (KernelCase kernel in options.Cases.DistinctBy(problem => problem.Kernel))
        {
            if (build.Lacks(kernel.CreateWarmUp()) is string reason)
                observer.Noticed($"{kernel.Kernel} at level {build.Name} left out: {reason}");
        }
    }

    // limits, kernels, training, in this order
    private IEnumerable<TimeSpan> Expect(IEnumerable<(IGrouping<string, KernelCase> Kernel, int Threads)> parts, int threadCounts)
    {
        ExpectedTime expected = new(budget);
        yield return expected.Limits(threadCounts);
        foreach ((IGrouping<string, KernelCase> kernel, int threads) in parts)
        {
            int contenders = ContendersOf(kernel.First(), threads).Count;
            yield return kernel.First() is StartupCase
                ? expected.Startup(kernel.Count(), contenders)
                : expected.Kernel([.. kernel], contenders);
        }
        yield return expected.Training(options.Threads.Sum(threads => ContendersAt(threads).Count));
    }

    private IReadOnlyList<int> ThreadCountsOf(IEnumerable<KernelCase> kernel) => kernel.First().Threaded ? options.Threads : [1];

    // what does not spread over threads has been measured with the first count; between the first and the last one line is enough
    private IReadOnlyList<IContender> ContendersAt(int threads) =>
    [
        .. options.Contenders.Where(contender => threads == options.Threads[0]
            || (contender.Threaded && (threads == options.Threads[^1] || options.ContendersNamed
                || contender.Name is AutoContender.Level or OtherBuild.Level))),
    ];

    private IReadOnlyList<IContender> ContendersOf(KernelCase problem, int threads) =>
        problem.Threaded ? ContendersAt(threads) : options.Contenders;

    private void RunKernel(string kernel, IReadOnlyList<KernelCase> cases, Limits limit)
    {
        IReadOnlyList<IContender> contenders = ContendersOf(cases[0], limit.Threads);
        List<RowReport> found = cases[0] is StartupCase
            ? new StartupComparison(contenders, budget, limit, observer, Fail, cancellation).Run(cases.Cast<StartupCase>())
            : new KernelComparison(options, contenders, budget, limit, _repeats, observer, Fail, cancellation).Run(cases);
        if (found.Count == 0)
            return;
        _rows.AddRange(found);
        observer.KernelFinished(kernel, found);
    }

    private IReadOnlyList<TrainingReport> RunTraining()
    {
        IReadOnlyList<TrainingReport> training = [.. options.Threads.SelectMany(threads =>
            DigitsTraining.Run(ContendersAt(threads), budget.TrainingEpochs, threads, cancellation))];
        if (training.Count == 0)
            return training;
        observer.TrainingFinished(training);
        if (training.DistinctBy(row => row.ParametersSha256).Count() > 1)
            Fail("training: the parameters differ between levels or thread counts, they must be the same bits");
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
