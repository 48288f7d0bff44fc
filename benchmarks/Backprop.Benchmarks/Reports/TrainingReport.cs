namespace Backprop.Benchmarks.Reports;

/// <summary>A training run at one level: the same parameters everywhere, in different time.</summary>
/// <param name="Level">The library's level.</param>
/// <param name="Layers">Sizes of the layers: <c>64-100-10</c>.</param>
/// <param name="Epochs">Passes over the training examples.</param>
/// <param name="Batch">Examples a step.</param>
/// <param name="Threads">Threads of a step.</param>
/// <param name="Seconds">Time of the training steps.</param>
/// <param name="SamplesPerSecond">Examples trained on in a second.</param>
/// <param name="TestAccuracy">On the held-out fifth, 0 to 1.</param>
/// <param name="ParametersSha256">Digest of all parameters after the training.</param>
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
