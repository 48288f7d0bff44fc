using Backprop.Training;

namespace Backprop.Cli.Commands;

/// <summary>What <c>train</c> was asked to do.</summary>
internal sealed record TrainSettings(string Data, int[] Hidden, Named<Initialization> Init, string Optimizer, TrainingOptions Training)
{
    /// <summary>How many of the training examples, from the first, to learn from; null for all.</summary>
    internal int? TrainCount { get; init; }

    /// <summary>Where the model goes; null for the first free default name.</summary>
    internal string? Out { get; init; }

    internal string? Plot { get; init; }

    internal string? Metrics { get; init; }

    internal string? Checkpoint { get; init; }

    /// <summary>A checkpoint after every so many epochs.</summary>
    internal int CheckpointEvery { get; init; }

    internal string? Resume { get; init; }

    internal bool Json { get; init; }
}
