using System.Diagnostics;

namespace Backprop.Benchmarks.Compare;

/// <summary>
/// Counts the parts of a comparison and tells how long the rest will take: what was expected of it, at the pace of the parts before.
/// </summary>
internal sealed class Schedule(IComparisonObserver observer, IReadOnlyList<TimeSpan> expected)
{
    // what is done counts against as much that went as expected, so that the first parts do not say all
    private static readonly TimeSpan s_trust = TimeSpan.FromSeconds(10);

    private readonly long _start = Stopwatch.GetTimestamp();
    private int _begun;

    public void Begin(string part)
    {
        TimeSpan remaining = Remaining(expected, _begun, Stopwatch.GetElapsedTime(_start));
        _begun++;
        observer.PartStarted(part, _begun, expected.Count, remaining);
    }

    /// <summary>The time that the parts from number <paramref name="done"/> take, when those before took <paramref name="elapsed"/>.</summary>
    internal static TimeSpan Remaining(IReadOnlyList<TimeSpan> expected, int done, TimeSpan elapsed)
    {
        TimeSpan past = Sum(expected.Take(done)), future = Sum(expected.Skip(done));
        return future * ((elapsed + s_trust) / (past + s_trust));
    }

    private static TimeSpan Sum(IEnumerable<TimeSpan> times) => times.Aggregate(TimeSpan.Zero, (sum, time) => sum + time);
}
