namespace Backprop.Training;

/// <summary>How far a training has come.</summary>
/// <param name="Epoch">The epoch under way, from 1.</param>
/// <param name="Epochs">How many there are.</param>
/// <param name="ExamplesDone">How many examples of this epoch are done.</param>
/// <param name="Examples">How many an epoch has.</param>
/// <param name="RunningCost">The mean cost of this epoch's examples so far, each before the step it was part of.</param>
/// <param name="SamplesPerSecond">Examples a second since the start, evaluation and callbacks not counted.</param>
/// <param name="Elapsed">Time since the start, everything counted.</param>
/// <param name="Remaining">An estimate of the time left: the time so far in proportion to the examples left.</param>
public readonly record struct TrainingProgress(
    int Epoch,
    int Epochs,
    int ExamplesDone,
    int Examples,
    double RunningCost,
    double SamplesPerSecond,
    TimeSpan Elapsed,
    TimeSpan Remaining);
