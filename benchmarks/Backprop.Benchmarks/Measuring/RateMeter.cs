using System.Diagnostics;

namespace Backprop.Benchmarks.Measuring;

/// <summary>
/// Measures how much work threads do together in a second, at best: a limit is what cannot be passed, so the best sample counts.
/// </summary>
internal sealed class RateMeter(int threads)
{
    private const int Samples = 12;

    private const double SampleNanoseconds = 8e6;

    /// <summary>Work that can be repeated: what it counts, and a method that does it a number of times.</summary>
    internal sealed record Work(double Amount, Action<int> Repeat);

    /// <summary>The best rate in amounts a nanosecond; <paramref name="create"/> makes the work of each thread.</summary>
    public double Best(Func<int, Work> create)
    {
        Work[] works = [.. Enumerable.Range(0, threads).Select(create)];
        int repeats = 1;
        // the clock rate rises for a while: growing until a sample is long enough takes as long
        while (Quickest(works, repeats) < SampleNanoseconds && repeats < 1 << 29)
            repeats *= 2;
        double best = 0;
        for (int sample = 0; sample < Samples; sample++)
            best = Math.Max(best, works.Sum(work => work.Amount) * repeats / Nanoseconds(works, repeats));
        return best;
    }

    // of two: a pause while another program runs makes short work look long, but hardly twice in a row
    private static double Quickest(Work[] works, int repeats)
    {
        double taken = Nanoseconds(works, repeats);
        return taken < SampleNanoseconds ? taken : Math.Min(taken, Nanoseconds(works, repeats));
    }

    // from the first that starts to the last that ends, all released at once
    private static double Nanoseconds(Work[] works, int repeats)
    {
        if (works.Length == 1)
            return CallTimer.Nanoseconds(() => works[0].Repeat(repeats), 1);
        long[] starts = new long[works.Length], ends = new long[works.Length];
        using Barrier barrier = new(works.Length);
        Thread[] running = [.. works.Select((work, index) => new Thread(() =>
        {
            barrier.SignalAndWait();
            starts[index] = Stopwatch.GetTimestamp();
            work.Repeat(repeats);
            ends[index] = Stopwatch.GetTimestamp();
        }))];
        foreach (Thread thread in running)
            thread.Start();
        foreach (Thread thread in running)
            thread.Join();
        return (ends.Max() - starts.Min()) * (1e9 / Stopwatch.Frequency);
    }
}
