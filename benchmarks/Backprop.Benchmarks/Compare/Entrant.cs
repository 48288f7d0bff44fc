using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Measuring;

namespace Backprop.Benchmarks.Compare;

/// <summary>A contender's call at one shape, and what has been measured of it.</summary>
internal sealed class Entrant(string level, BoundCall call, int threads)
{
    private readonly List<double> _samples = [];
    private int _callsPerSample;
    private int _samplesARound;

    public string Level => level;

    public Action Run => call.Run;

    public IReadOnlyList<double> Samples => _samples;

    public Statistics Statistics => Statistics.Of(_samples);

    public Measurement Measured => new(level, Statistics, AllocatedBytes);

    /// <summary>Bytes one call allocates, rounded to the nearest.</summary>
    public long AllocatedBytes { get; private set; }

    public int SamplesLeft { get; private set; }

    /// <summary>Whether the samples differ by so much that more are needed; a call too long for that has one.</summary>
    public bool IsWide => _samples.Count >= TimeBudget.FewestSamples && Statistics.Spread > TimeBudget.WideSpread;

    /// <summary>One call whose results are where the case checks them.</summary>
    public void RunChecked()
    {
        call.Run();
        call.Publish?.Invoke();
    }

    /// <summary>Decides how many calls make a sample and how many samples there will be.</summary>
    public void Calibrate(TimeBudget budget)
    {
        _callsPerSample = CallTimer.CallsFor(call.Run, budget.Sample.TotalNanoseconds);
        long before = Allocated();
        double taken = CallTimer.Nanoseconds(call.Run, _callsPerSample);
        AllocatedBytes = (long)Math.Round((double)(Allocated() - before) / _callsPerSample);
        SamplesLeft = _samplesARound = SampleCount(budget, taken);
    }

    /// <summary>Asks for another round of samples, which join those there are.</summary>
    public void Repeat() => SamplesLeft = _samplesARound;

    public void TakeSample()
    {
        _samples.Add(CallTimer.NanosecondsPerCall(call.Run, _callsPerSample));
        SamplesLeft--;
    }

    // as many as fit three times the time of a row whose calls are short
    private static int SampleCount(TimeBudget budget, double sampleNanoseconds)
    {
        if (sampleNanoseconds > TimeBudget.LongCall.TotalNanoseconds)
            return 1;
        double affordable = 3 * budget.Samples * budget.Sample.TotalNanoseconds / Math.Max(sampleNanoseconds, 1);
        return (int)Math.Clamp(affordable, TimeBudget.FewestSamples, budget.Samples);
    }

    private long Allocated() => threads > 1 ? GC.GetTotalAllocatedBytes(precise: true) : GC.GetAllocatedBytesForCurrentThread();
}
