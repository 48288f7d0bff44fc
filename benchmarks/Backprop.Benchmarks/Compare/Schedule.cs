using System.Diagnostics;

namespace Backprop.Benchmarks.Compare;

/// <summary>Counts the parts of a comparison and tells how long the rest will take, from what the ones before took.</summary>
internal sealed class Schedule(IComparisonObserver observer, int count)
{
    private readonly long start = Stopwatch.GetTimestamp();
    private int begun;

    public void Begin(string part)
    {
        // the first part, the limits, is short and says little about the others
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        TimeSpan remaining = begun < 2 ? TimeSpan.Zero : elapsed / begun * (count - begun);
        begun++;
        observer.PartStarted(part, begun, count, remaining);
    }
}
