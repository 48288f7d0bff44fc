namespace Backprop.Data;

/// <summary>The examples of a folder laid out as MNIST.</summary>
/// <param name="Train">The training examples, in the order of their file.</param>
/// <param name="Test">The test examples, of the same features and classes.</param>
public sealed record IdxFolder(LabelledExamples Train, LabelledExamples Test)
{
    /// <summary>
    /// Divides the training examples in file order: the last sixth (rounded down) validates, the ones before train. Of MNIST's 60,000
    /// that is the usual split into the first 50,000 and the last 10,000.
    /// </summary>
    public (LabelledExamples Train, LabelledExamples Validation) SplitTrain() => Train.Split(Train.Count - Train.Count / 6);
}
