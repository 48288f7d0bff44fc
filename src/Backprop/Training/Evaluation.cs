namespace Backprop.Training;

/// <summary>How well a network does on given examples.</summary>
/// <param name="Cost">The mean cross-entropy.</param>
/// <param name="Accuracy">The fraction classified correctly, 0 … 1.</param>
/// <param name="Confusion">Counts, row-major, actual class × predicted class.</param>
/// <param name="Classes">The number of classes: the network's outputs.</param>
/// <param name="Count">The number of examples.</param>
public sealed record Evaluation(double Cost, double Accuracy, IReadOnlyList<int> Confusion, int Classes, int Count);
