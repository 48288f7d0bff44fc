using System.Diagnostics;
using System.Globalization;
using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Measuring;
using Backprop.Benchmarks.Reports;

namespace Backprop.Benchmarks.Compare;

/// <summary>All shapes of one kernel on a number of threads, at every level: checked, warmed up, timed in turns.</summary>
internal sealed class KernelComparison(
    CompareOptions options,
    IReadOnlyList<IContender> contenders,
    TimeBudget budget,
    Limits limit,
    Allowance repeats,
    IComparisonObserver observer,
    Action<string> fail,
    CancellationToken cancellation)
{
    // threads of another program spin after a call, on the cores that the next contender wants: those of OpenBLAS for 2²⁶ cycles of
    // the clock
    private static readonly TimeSpan s_spinning = TimeSpan.FromMilliseconds(50);

    // a thread that wakes beside a busy one may begin on the same core; Linux moves it away at one of the next ticks of 4 ms
    private static readonly TimeSpan s_spreading = TimeSpan.FromMilliseconds(20);

    private readonly bool _settles = limit.Threads > 1 && contenders.Any(contender => contender is IPeer);

    private readonly BuildAgreement? _agreement = contenders.Any(contender => contender is OtherBuild) ? new(observer) : null;

    public List<RowReport> Run(IReadOnlyList<KernelCase> cases)
    {
        KernelCase warmUp = cases[0].CreateWarmUp();
        List<Entrant> small = Bind(warmUp, contenders);
        Warm(small, budget.KernelWarmUp);
        Dictionary<string, double> pace = small.ToDictionary(
            entrant => entrant.Level, entrant => CallTimer.Nanoseconds(entrant.Run, 1) / warmUp.Flops);
        List<RowReport> rows = [];
        foreach (KernelCase problem in cases)
        {
            if (cancellation.IsCancellationRequested)
                break;
            rows.AddRange(RunShape(problem, [.. contenders.Where(contender => IsInTime(problem, contender, pace))]));
        }
        return rows;
    }

    private List<RowReport> RunShape(KernelCase problem, IReadOnlyList<IContender> inTime)
    {
        List<Entrant> entrants = [.. Bind(problem, inTime).Where(entrant => IsRight(problem, entrant))];
        if (entrants.Count == 0)
            return [];
        bool stable = Warm(entrants, budget.ShapeWarmUp);
        GC.Collect();
        foreach (Entrant entrant in entrants)
        {
            Settle(entrant);
            entrant.Calibrate(budget);
        }
        TakeSamples(entrants);
        for (int repeat = 0; repeat < TimeBudget.MostRepeats && repeats.IsLeft && !cancellation.IsCancellationRequested; repeat++)
        {
            long start = Stopwatch.GetTimestamp();
            foreach (Entrant entrant in entrants.Where(entrant => entrant.IsWide))
                entrant.Repeat();
            TakeSamples(entrants);
            repeats.Spend(Stopwatch.GetElapsedTime(start));
        }
        BuildRatio? builds = new BuildDuel(budget, limit.Threads, cancellation).Run(entrants);
        // interrupted: a row needs its spread
        entrants.RemoveAll(entrant => entrant.SamplesLeft > 0 && entrant.Samples.Count < TimeBudget.FewestSamples);
        List<RowReport> rows = new RowBuilder(limit).Build(problem, [.. entrants.Select(entrant => entrant.Measured)], stable, builds);
        WarnOfNoise(rows);
        return rows;
    }

    // in turns, so that a change of the clock rate or a busy neighbour meets all alike
    private void TakeSamples(List<Entrant> entrants)
    {
        while (!cancellation.IsCancellationRequested && entrants.Any(entrant => entrant.SamplesLeft > 0))
        {
            foreach (Entrant entrant in entrants.Where(entrant => entrant.SamplesLeft > 0))
            {
                Settle(entrant);
                entrant.TakeSample();
            }
        }
    }

    // the calls wake the contender's own threads and let them find a core each
    private void Settle(Entrant entrant)
    {
        if (!_settles)
            return;
        Thread.Sleep(s_spinning);
        long start = Stopwatch.GetTimestamp();
        do
        {
            entrant.Run();
        }
        while (Stopwatch.GetElapsedTime(start) < s_spreading);
    }

    // equal rows are news where it is the noise that makes them so
    private void WarnOfNoise(List<RowReport> rows)
    {
        RowReport? fastest = rows.MinBy(row => row.MedianNs);
        string[] indistinct = [.. rows
            .Where(row => row.EqualTo is not null && Significance.Noise(row, fastest!) > TimeBudget.WideSpread)
            .Where(row => row.MedianNs > fastest!.MedianNs * (1 + TimeBudget.WideSpread))
            .Select(row => row.Level)];
        if (indistinct.Length > 0)
        {
            observer.Noticed($"{fastest!.Kernel} {fastest.Shape}: the machine is too noisy to tell {fastest.Level} from"
                + $" {string.Join(", ", indistinct)}");
        }
    }

    // four times what the calls should take: slow calls, compilation and other programs have their share
    private bool Warm(List<Entrant> entrants, TimeSpan share) =>
        WarmUp.Run([.. entrants.Select(entrant => entrant.Run)], share, 4 * entrants.Count * share + TimeSpan.FromSeconds(1), cancellation);

    // by the pace of the small shape, which is rarely more than a few times off
    private bool IsInTime(KernelCase problem, IContender contender, Dictionary<string, double> pace)
    {
        if (options.ContendersNamed || !pace.TryGetValue(contender.Name, out double nanosecondsPerOperation))
            return true;
        TimeSpan expected =
            TimeSpan.FromSeconds(Math.Min(nanosecondsPerOperation * problem.Flops / 1e9, TimeSpan.MaxValue.TotalSeconds / 2));
        if (expected <= TimeBudget.LongestCall)
            return true;
        observer.Noticed($"{problem.Kernel} {problem.Shape} at level {contender.Name} left out: one call would take about"
            + $" {expected.TotalMinutes.ToString("N0", CultureInfo.InvariantCulture)} min; name it with --level to run it");
        return false;
    }

    private List<Entrant> Bind(KernelCase problem, IReadOnlyList<IContender> bound) =>
        [.. bound.Select(contender => (contender.Name, Call: contender.Bind(problem, limit.Threads)))
            .Where(pair => pair.Call is not null)
            .Select(pair => new Entrant(pair.Name, pair.Call!, limit.Threads))];

    private bool IsRight(KernelCase problem, Entrant entrant)
    {
        if (cancellation.IsCancellationRequested)
            return false;
        problem.Reset();
        entrant.RunChecked();
        if (problem.Check() is not string difference)
        {
            _agreement?.Add(problem, entrant.Level);
            return true;
        }
        fail($"{problem.Kernel} {problem.Shape} at level {entrant.Level} is wrong and was not timed: {difference}");
        return false;
    }
}
