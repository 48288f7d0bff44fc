using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Measuring;
using Backprop.Benchmarks.Reports;

namespace Backprop.Benchmarks.Compare;

/// <summary>
/// Times this build of the library and another in short turns. Another program takes the core for milliseconds: it meets a few turns, which
/// a median passes over, where it would meet every other sample of the rows.
/// </summary>
internal sealed class BuildDuel(TimeBudget budget, int threads, CancellationToken cancellation)
{
    // long against the clock's resolution and against what the first call pays for code that has left the caches
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(0.1);

    // the threads of the build before spin on for 50 µs
    private static readonly TimeSpan s_threadedTurn = TimeSpan.FromMilliseconds(2);

    /// <summary>Null when one of the two builds is not among <paramref name="entrants"/>, or when the comparison was interrupted.</summary>
    public BuildRatio? Run(List<Entrant> entrants)
    {
        Entrant? own = entrants.Find(entrant => entrant.Level == AutoContender.Level);
        Entrant? other = entrants.Find(entrant => entrant.Level == OtherBuild.Level);
        return own is null || other is null || cancellation.IsCancellationRequested ? null : Run(own.Run, other.Run);
    }

    /// <summary>How long <paramref name="other"/> takes, divided by how long <paramref name="own"/> does.</summary>
    internal BuildRatio Run(Action own, Action other)
    {
        int calls = CallTimer.CallsFor(own, (threads > 1 ? s_threadedTurn : s_turn).TotalNanoseconds);
        double turn = (CallTimer.Nanoseconds(own, calls) + CallTimer.Nanoseconds(other, calls)) / 2;
        List<double> ratios = [];
        int pairs = Pairs(turn);
        // who comes first changes, so that what the first of a pair pays falls on both
        do
            ratios.Add(ratios.Count % 2 == 0 ? Pair(own, other, calls) : 1 / Pair(other, own, calls));
        while (ratios.Count < pairs && !cancellation.IsCancellationRequested);
        return BuildRatio.Of(ratios);
    }

    // time of the second divided by that of the first
    private static double Pair(Action first, Action second, int calls)
    {
        double before = CallTimer.NanosecondsPerCall(first, calls);
        return CallTimer.NanosecondsPerCall(second, calls) / before;
    }

    // as long as the samples of two rows
    private int Pairs(double turnNanoseconds)
    {
        if (turnNanoseconds > TimeBudget.LongCall.TotalNanoseconds)
            return 1;
        return (int)Math.Max(TimeBudget.FewestSamples, budget.Samples * budget.Sample.TotalNanoseconds / turnNanoseconds);
    }
}
