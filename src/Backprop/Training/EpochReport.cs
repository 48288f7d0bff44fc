namespace Backprop.Training;

/// <summary>The result of one epoch.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="TrainCost">The mean cost of the examples during the epoch, each before the step it was part of.</param>
/// <param name="TrainAccuracy">
/// The fraction of them classified correctly during the epoch, likewise before each step: it costs no pass of its own. While a network
/// learns it is lower than the accuracy at the end of the epoch, which is what <paramref name="ValidationAccuracy"/> is and what
/// <see cref="Evaluator.Evaluate"/> measures on the training examples.
/// </param>
/// <param name="ValidationCost">The mean cost of the validation examples at the end of the epoch; null without any.</param>
/// <param name="ValidationAccuracy">The fraction of them classified correctly; null without any.</param>
/// <param name="Seconds">Time spent in steps, shuffling and gathering included, evaluation and callbacks not.</param>
/// <param name="SamplesPerSecond">Training examples by <paramref name="Seconds"/>.</param>
public sealed record EpochReport(
    int Epoch,
    double TrainCost,
    double TrainAccuracy,
    double? ValidationCost,
    double? ValidationAccuracy,
    double Seconds,
    double SamplesPerSecond);
