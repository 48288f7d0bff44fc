namespace Backprop.Benchmarks.Compare;

/// <summary>
/// How long the parts of a comparison take. Chosen so that the default list ends within 3 minutes, and the quick one within one.
/// </summary>
/// <param name="KernelWarmUp">Calls of each level before the first shape of a kernel is timed.</param>
/// <param name="ShapeWarmUp">Further calls of each level at each shape.</param>
/// <param name="Sample">One sample: long against the clock's resolution and an interrupt.</param>
/// <param name="Samples">Samples a row.</param>
/// <param name="Repeats">The time all rows together may be sampled again, so that a busy machine does not take for ever.</param>
/// <param name="TrainingEpochs">Epochs of the training at the end.</param>
/// <param name="Processes">Samples a row where each is a process of its own.</param>
internal sealed record TimeBudget(
    TimeSpan KernelWarmUp, TimeSpan ShapeWarmUp, TimeSpan Sample, int Samples, TimeSpan Repeats, int TrainingEpochs, int Processes)
{
    /// <summary>A call that takes longer than this is sampled once: three of them would outlast everything else.</summary>
    public static readonly TimeSpan LongCall = TimeSpan.FromSeconds(2);

    /// <summary>A call that would take longer than this is left out unless its level is named.</summary>
    public static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(60);

    /// <summary>A row that spreads by more is sampled again.</summary>
    public const double WideSpread = 0.05;

    /// <summary>How often at most, each time with as many samples as at first.</summary>
    public const int MostRepeats = 2;

    /// <summary>The fewest samples that have a median and a spread.</summary>
    public const int FewestSamples = 3;

    public static TimeBudget Full { get; } = new(Milliseconds(100), Milliseconds(20), Milliseconds(5), 15, Milliseconds(20_000), 10, 11);

    public static TimeBudget Quick { get; } = new(Milliseconds(100), Milliseconds(20), Milliseconds(4), 11, Milliseconds(5_000), 5, 5);

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
