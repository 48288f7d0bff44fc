using Backprop.Data;

namespace Backprop.Training;

/// <summary>Where a training stands between two steps: with the parameters and the optimiser's memory all it takes to go on.</summary>
internal sealed class TrainingState
{
    /// <summary>One report for each epoch that is over.</summary>
    internal List<EpochReport> Reports { get; } = [];

    /// <summary>The best of them by validation accuracy.</summary>
    internal BestEpoch Best { get; } = new();

    /// <summary>The parameters after the best epoch; empty without any.</summary>
    internal float[] BestParameters { get; set; } = [];

    /// <summary>Steps taken in the epoch under way.</summary>
    internal int Step { get; set; }

    /// <summary>Σ over the examples of those steps of cost times weight.</summary>
    internal double TotalCost { get; set; }

    /// <summary>Σ of their weights.</summary>
    internal double TotalWeight { get; set; }

    /// <summary>How many of them were classified correctly.</summary>
    internal int Correct { get; set; }

    /// <summary>Seconds spent in the epoch under way.</summary>
    internal double Seconds { get; set; }

    /// <summary>Whether <see cref="Trainer.Train"/> has handed out the result: the next training is another one.</summary>
    internal bool IsReturned { get; set; }

    /// <summary>What the training is of; null before it starts, and after loading.</summary>
    internal LabelledExamples? Training { get; private set; }

    /// <summary>What it is validated with, if anything.</summary>
    internal LabelledExamples? Validation { get; private set; }

    /// <summary>The digest of both, where it has been computed or loaded.</summary>
    internal string? DataSha256 { get; set; }

    /// <summary>Whether no epoch is left to do.</summary>
    internal bool IsFinished(TrainingOptions options) =>
        Reports.Count >= options.Epochs || Reports.Count - Best.Epoch >= options.Patience;

    /// <summary>Takes the examples, which must be those a training under way began with.</summary>
    /// <exception cref="ArgumentException">They are others.</exception>
    internal void Take(LabelledExamples training, LabelledExamples? validation, TrainingOptions options)
    {
        bool isSame = ReferenceEquals(training, Training) && ReferenceEquals(validation, Validation);
        bool isUnderWay = DataSha256 is not null || Training is not null;
        if (isUnderWay && !isSame)
        {
            if (DigestOf(training, validation) != ComputeDataSha256())
                throw new ArgumentException("training: expected the examples that this training began with, got others", nameof(training));
        }

        int steps = options.CountSteps(training.Count);
        if (Step > steps)
            throw new ArgumentException($"training: an epoch has {steps} steps, but {Step} are done", nameof(training));
        (Training, Validation) = (training, validation);
    }

    /// <summary>The digest of the examples.</summary>
    internal string ComputeDataSha256() => DataSha256 ??= DigestOf(Training!, Validation);

    /// <summary>Adds the report of an epoch and starts the next; true if it is the best so far.</summary>
    internal bool EndEpoch(EpochReport report)
    {
        Reports.Add(report);
        (Step, TotalCost, TotalWeight, Correct, Seconds) = (0, 0, 0, 0, 0);
        return Best.Consider(report);
    }

    private static string DigestOf(LabelledExamples training, LabelledExamples? validation) =>
        $"{training.ComputeSha256()} {validation?.ComputeSha256() ?? "none"}";
}
