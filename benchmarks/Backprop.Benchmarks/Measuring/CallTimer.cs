using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Backprop.Benchmarks.Measuring;

/// <summary>Times many calls of a delegate at once.</summary>
internal static class CallTimer
{
    private static readonly double s_nanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    // what a call of a delegate that does nothing takes; the smallest of many, since nothing can make it faster than it is
    private static readonly Lazy<double> s_emptyCall = new(MeasureEmptyCall);

    // less than this is not resolved: a fraction of a clock cycle
    private const double Resolution = 0.1;

    /// <summary>Nanoseconds one of <paramref name="calls"/> calls takes, less those of an empty call.</summary>
    public static double NanosecondsPerCall(Action run, int calls) =>
        Math.Max(Resolution, Nanoseconds(run, calls) / calls - s_emptyCall.Value);

    /// <summary>Nanoseconds that <paramref name="calls"/> calls take.</summary>
    public static double Nanoseconds(Action run, int calls) => Ticks(run, calls) * s_nanosecondsPerTick;

    /// <summary>The number of calls that lasts about <paramref name="nanoseconds"/>, at least one.</summary>
    public static int CallsFor(Action run, double nanoseconds)
    {
        // a tenth of the aim is long against the clock's resolution; a call that already takes as long is not repeated
        for (int calls = 1; ; calls *= 2)
        {
            double taken = Nanoseconds(run, calls);
            // a pause while another program runs makes a short call look long, but hardly twice in a row
            if (taken >= nanoseconds / 10)
                taken = Math.Min(taken, Nanoseconds(run, calls));
            if (taken >= nanoseconds / 10 || calls >= 1 << 28)
                return (int)Math.Clamp(calls * nanoseconds / Math.Max(taken, 1), 1, 1 << 28);
        }
    }

    // optimised from the first call: no tier of its own that would blur the tiers of what it calls
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static long Ticks(Action run, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            run();
        return Stopwatch.GetTimestamp() - start;
    }

    private static double MeasureEmptyCall()
    {
        Action empty = static () => { };
        double best = double.MaxValue;
        // 200 batches of a quarter of a millisecond: the delegate reaches the last tier on the way
        for (int i = 0; i < 200; i++)
            best = Math.Min(best, Nanoseconds(empty, 200_000) / 200_000);
        return best;
    }
}
