using Backprop.Training;

namespace Backprop.Cli.Commands;

/// <summary>What <c>train</c> was asked to do.</summary>
internal sealed record TrainSettings(
    string Data,
    int[] Hidden,
    Named<Initialization> Init,
    TrainingOptions Training,
    string? Out,
    string? Plot,
    bool Json);
