using System.Diagnostics;

namespace Backprop.Benchmarks.Compare;

/// <summary>Counts the parts of a comparison and tells how long the rest will take, from what the ones before took.</summary>
internal sealed class Schedule(IComparisonObserver observer, int count)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _begun;

    public void Begin(string part)
    {
        // the first part, the limits, is short and says little about the others
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_start);
        TimeSpan remaining = _begun < 2 ? TimeSpan.Zero : elapsed / _begun * (count - _begun);
        _begun++;
        observer.PartStarted(part, _begun, count, remaining);
    }
}
