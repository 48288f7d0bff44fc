using System.Globalization;
using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Measuring;
using Backprop.Benchmarks.Reports;

namespace Backprop.Benchmarks.Compare;

/// <summary>All shapes of one kernel, at every level: checked, warmed up, timed in turns.</summary>
internal sealed class KernelComparison(
    CompareOptions options,
    TimeBudget budget,
    IReadOnlyList<Limits> limits,
    IComparisonObserver observer,
    Action<string> fail,
    CancellationToken cancellation)
{
    public List<RowReport> Run(IReadOnlyList<KernelCase> cases)
    {
        int threads = cases[0].Threaded ? options.Threads : 1;
        Limits limit = limits.First(candidate => candidate.Threads == threads);
        KernelCase warmUp = cases[0].CreateWarmUp();
        List<Entrant> small = Bind(warmUp, threads, options.Contenders);
        Warm(small, budget.KernelWarmUp);
        Dictionary<string, double> pace = small.ToDictionary(
            entrant => entrant.Level, entrant => CallTimer.Nanoseconds(entrant.Run, 1) / Work(warmUp));
        List<RowReport> rows = [];
        foreach (KernelCase problem in cases)
        {
            if (cancellation.IsCancellationRequested)
                break;
            IReadOnlyList<IContender> contenders = [.. options.Contenders.Where(contender => IsInTime(problem, contender, pace))];
            rows.AddRange(RunShape(problem, threads, limit, contenders));
        }
        return rows;
    }

    private List<RowReport> RunShape(KernelCase problem, int threads, Limits limit, IReadOnlyList<IContender> contenders)
    {
        List<Entrant> entrants = [.. Bind(problem, threads, contenders).Where(entrant => IsRight(problem, entrant))];
        if (entrants.Count == 0)
            return [];
        bool stable = Warm(entrants, budget.ShapeWarmUp);
        GC.Collect();
        foreach (Entrant entrant in entrants)
            entrant.Calibrate(budget);
        // in turns, so that a change of the clock rate or a busy neighbour meets all alike
        while (!cancellation.IsCancellationRequested && entrants.Any(entrant => entrant.SamplesLeft > 0))
        {
            foreach (Entrant entrant in entrants.Where(entrant => entrant.SamplesLeft > 0))
                entrant.TakeSample();
        }
        // interrupted: a row needs its spread
        entrants.RemoveAll(entrant => entrant.SamplesLeft > 0 && entrant.Samples.Count < TimeBudget.FewestSamples);
        return CreateRows(problem, threads, limit, entrants, stable);
    }

    // four times what the calls should take: slow calls, compilation and other programs have their share
    private bool Warm(List<Entrant> entrants, TimeSpan share) =>
        WarmUp.Run([.. entrants.Select(entrant => entrant.Run)], share, 4 * entrants.Count * share + TimeSpan.FromSeconds(1), cancellation);

    private static double Work(KernelCase problem) => problem.Flops > 0 ? problem.Flops : problem.Bytes;

    // by the pace of the small shape, which is rarely more than a few times off
    private bool IsInTime(KernelCase problem, IContender contender, Dictionary<string, double> pace)
    {
        if (options.ContendersNamed || !pace.TryGetValue(contender.Name, out double nanosecondsPerWork))
            return true;
        TimeSpan expected = TimeSpan.FromSeconds(Math.Min(nanosecondsPerWork * Work(problem) / 1e9, TimeSpan.MaxValue.TotalSeconds / 2));
        if (expected <= TimeBudget.LongestCall)
            return true;
        observer.Noticed($"{problem.Kernel} {problem.Shape} at level {contender.Name} left out: one call would take about"
            + $" {expected.TotalMinutes.ToString("N0", CultureInfo.InvariantCulture)} min; name it with --level to run it");
        return false;
    }

    private static List<Entrant> Bind(KernelCase problem, int threads, IReadOnlyList<IContender> contenders) =>
        [.. contenders.Select(contender => (contender.Name, Call: contender.Bind(problem, threads)))
            .Where(pair => pair.Call is not null)
            .Select(pair => new Entrant(pair.Name, pair.Call!, threads))];

    private bool IsRight(KernelCase problem, Entrant entrant)
    {
        if (cancellation.IsCancellationRequested)
            return false;
        problem.Reset();
        entrant.RunChecked();
        if (problem.Check() is not string difference)
            return true;
        fail($"{problem.Kernel} {problem.Shape} at level {entrant.Level} is wrong and was not timed: {difference}");
        return false;
    }

    private static List<RowReport> CreateRows(KernelCase problem, int threads, Limits limit, List<Entrant> entrants, bool stable)
    {
        (double least, string boundBy) = limit.Roofline(problem);
        string home = limit.Caches.Holding(problem.WorkingSet).ToString();
        double? scalar = entrants.FirstOrDefault(entrant => entrant.Level == ContenderList.Baseline)?.Statistics.Median;
        List<RowReport> rows = [.. entrants.Select(entrant =>
        {
            Statistics time = entrant.Statistics;
            return new RowReport(
                problem.Kernel, problem.Shape, entrant.Level, threads, time.Median, time.LowerQuartile, time.UpperQuartile, time.Count,
                problem.Flops > 0 ? problem.Flops / time.Median : null, problem.Bytes / time.Median, least / time.Median, boundBy,
                scalar / time.Median, entrant.AllocatedBytes, problem.Flops, problem.Bytes, problem.WorkingSet, home,
                EqualTo: null, stable);
        })];
        return WithEquals(rows);
    }

    // which rows the noise does not let one tell from the fastest
    private static List<RowReport> WithEquals(List<RowReport> rows)
    {
        RowReport? fastest = rows.MinBy(row => row.MedianNs);
        return [.. rows.Select(row => row == fastest || Significance.IsSlower(row, fastest!) ? row : row with { EqualTo = fastest!.Level })];
    }
}
