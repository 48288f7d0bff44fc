using Backprop.Networks;

namespace Backprop.Training;

/// <summary>The result of a training.</summary>
/// <param name="Epochs">One report for each epoch.</param>
/// <param name="Seconds">The sum of their seconds, so without evaluation and callbacks.</param>
/// <param name="SamplesPerSecond">Training examples, of all epochs, by <paramref name="Seconds"/>.</param>
/// <param name="BestValidationEpoch">The first epoch (from 1) with the best validation accuracy; 0 without validation examples.</param>
public sealed record TrainingResult(
    IReadOnlyList<EpochReport> Epochs,
    double Seconds,
    double SamplesPerSecond,
    int BestValidationEpoch)
{
    /// <summary>A network with the parameters after the best validation epoch; null without validation examples.</summary>
    public Network? Best { get; init; }
}
