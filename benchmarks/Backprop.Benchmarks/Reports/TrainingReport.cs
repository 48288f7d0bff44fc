namespace Backprop.Benchmarks.Reports;

/// <summary>A training run at one level: the same parameters everywhere, in different time.</summary>
/// <param name="Seconds">Time of the training steps.</param>
/// <param name="TestAccuracy">On the held-out fifth.</param>
internal sealed record TrainingReport(
    string Level,
    string Layers,
    int Epochs,
    int Batch,
    int Threads,
    double Seconds,
    double SamplesPerSecond,
    double TestAccuracy,
    string ParametersSha256);
