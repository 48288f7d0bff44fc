using System.Diagnostics;

namespace Backprop.Training;

/// <summary>Measures a training: the time in steps apart from the rest, and when to report progress again.</summary>
internal sealed class TrainingClock
{
    private static readonly TimeSpan s_reportInterval = TimeSpan.FromMilliseconds(100);

    private readonly Stopwatch _total = Stopwatch.StartNew();
    private readonly Stopwatch _steps = new();
    private readonly TrainingOptions _options;
    private readonly int _examples;
    private readonly double _doneBefore;
    private TimeSpan _lastReport;
    private TimeSpan _epochStart;

    /// <summary>Starts the clock of a training with so many examples, of which <paramref name="doneBefore"/>, counted over all epochs, were
    /// done before.</summary>
    internal TrainingClock(TrainingOptions options, int examples, double doneBefore)
    {
        _doneBefore = doneBefore;
        _options = options;
        _examples = examples;
    }

    /// <summary>Seconds spent in steps since the last <see cref="StartEpoch"/>.</summary>
    internal double EpochSeconds => (_steps.Elapsed - _epochStart).TotalSeconds;

    /// <summary>Seconds spent in steps since the start.</summary>
    internal double Seconds => _steps.Elapsed.TotalSeconds;

    /// <summary>Begins an epoch.</summary>
    internal void StartEpoch()
    {
        _epochStart = _steps.Elapsed;
        _steps.Start();
    }

    /// <summary>Ends the steps of an epoch.</summary>
    internal void EndEpoch() => _steps.Stop();

    /// <summary>Reports progress if the last report is a tenth of a second old. The callback's time does not count as steps'.</summary>
    internal void Report(Action<TrainingProgress> progress, int epoch, int examplesDone, double runningCost)
    {
        TimeSpan elapsed = _total.Elapsed;
        if (elapsed - _lastReport < s_reportInterval)
            return;
        _lastReport = elapsed;
        double done = (epoch - 1.0) * _examples + examplesDone;
        double left = (double)_options.Epochs * _examples - done;
        double secondsLeft = elapsed.TotalSeconds * (left / (done - _doneBefore));
        TimeSpan remaining = secondsLeft < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(secondsLeft) : TimeSpan.MaxValue;
        double samplesPerSecond = Rate(done - _doneBefore, Seconds);
        _steps.Stop();
        progress(new TrainingProgress(
            epoch, _options.Epochs, examplesDone, _examples, runningCost, samplesPerSecond, elapsed, remaining));
        _steps.Start();
    }

    /// <summary>Examples a second; 0 while no time has been measured.</summary>
    internal static double Rate(double examples, double seconds) => seconds > 0 ? examples / seconds : 0;
}
