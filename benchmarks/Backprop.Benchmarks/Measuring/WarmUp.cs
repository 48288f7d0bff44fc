using System.Diagnostics;
using System.Runtime;

namespace Backprop.Benchmarks.Measuring;

/// <summary>
/// Calls methods until they run in their last compilation tier. The runtime promotes a method after 30 calls and 100 ms without other
/// compilation, in two stages; calls take turns so that those pauses are shared. It ends when every method has had its share of calls
/// and runs in its last tier, nothing has been compiled for a while, and no method has become faster.
/// </summary>
internal static class WarmUp
{
    private const double BatchNanoseconds = 5e6;

    // two of the runtime's pauses of 100 ms, and the compilation itself
    private static readonly TimeSpan s_quietTime = TimeSpan.FromMilliseconds(250);

    // faster by less is noise
    private const double FasterBy = 0.97;

    /// <param name="methods">The methods, called in turns.</param>
    /// <param name="share">The time each method is called for at least.</param>
    /// <param name="limit">The time after which it ends although something still changes, as on a machine busy with other work.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>False when <paramref name="limit"/> ended it.</returns>
    public static bool Run(IReadOnlyList<Action> methods, TimeSpan share, TimeSpan limit, CancellationToken cancellation)
    {
        Progress[] progress = [.. methods.Select(method => new Progress(method))];
        long start = Stopwatch.GetTimestamp(), quietSince = start;
        long compiled = JitInfo.GetCompiledMethodCount();
        while (!cancellation.IsCancellationRequested)
        {
            foreach (Progress method in progress)
                method.RunBatch();
            if (JitInfo.GetCompiledMethodCount() != compiled)
            {
                compiled = JitInfo.GetCompiledMethodCount();
                quietSince = Stopwatch.GetTimestamp();
            }
            bool quiet = Stopwatch.GetElapsedTime(quietSince) >= s_quietTime;
            if (quiet && progress.All(method => method.IsWarm(share.TotalNanoseconds)))
                return true;
            if (Stopwatch.GetElapsedTime(start) >= limit)
                return false;
        }
        return false;
    }

    private sealed class Progress(Action method)
    {
        private int _calls = 1;
        private double _best = double.MaxValue;
        private double _spent;
        private bool _becameFaster;

        public bool IsWarm(double share) => _spent >= share && !_becameFaster && TierWatch.IsInLastTier(method.Method);

        public void RunBatch()
        {
            double taken = CallTimer.Nanoseconds(method, _calls), perCall = taken / _calls;
            _spent += taken;
            _becameFaster = perCall < _best * FasterBy;
            _best = Math.Min(_best, perCall);
            // at most tenfold at a time: the first call includes compilation and says little
            _calls = (int)Math.Clamp(BatchNanoseconds / Math.Max(perCall, 1), 1, _calls * 10.0);
        }
    }
}
