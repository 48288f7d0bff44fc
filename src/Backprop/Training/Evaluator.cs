using Backprop.Data;
using Backprop.Kernels;
using Backprop.Networks;

namespace Backprop.Training;

/// <summary>Measures a network on labelled examples.</summary>
public static class Evaluator
{
    /// <summary>The rows of a forward pass: enough for the matrix products, little enough for the cache.</summary>
    internal const int ChunkRows = 256;

    /// <summary>The most classes of a confusion matrix: 4096² counts are 64 MiB.</summary>
    internal const int MostClasses = 4096;

    /// <summary>
    /// Classifies all examples. The cost is computed from the weighted outputs, so that it is finite however sure and wrong the
    /// network is; the class is the largest of them, the first of equals.
    /// </summary>
    /// <param name="network">The network, of at most 4,096 outputs; it is not changed.</param>
    /// <param name="examples">At least one, with the network's number of features and no class over its outputs.</param>
    /// <param name="threads">The most threads a matrix product may use, at least 1.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// The examples do not fit the network, or there is none, or the network has too many outputs for a confusion matrix.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is under 1.</exception>
    public static Evaluation Evaluate(Network network, LabelledExamples examples, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(network);
        RequireFit(network, examples, nameof(examples));
        int classes = network.OutputSize;
        if (classes > MostClasses)
            throw new ArgumentException($"network: at most {MostClasses} outputs have a confusion matrix, got {classes}", nameof(network));
        int[] confusion = new int[classes * classes];
        (double cost, double accuracy) = Measure(network, examples, CreateWorkspace(network, examples.Count, threads), confusion);
        return new Evaluation(cost, accuracy, confusion, classes, examples.Count);
    }

    /// <summary>The fraction classified correctly, of any number of classes.</summary>
    internal static double Accuracy(Network network, LabelledExamples examples, int threads) =>
        Measure(network, examples, CreateWorkspace(network, examples.Count, threads)).Accuracy;

    /// <summary>A workspace for evaluating up to so many examples, again and again.</summary>
    internal static Workspace CreateWorkspace(Network network, int examples, int threads) =>
        new(network, Math.Min(examples, ChunkRows), threads);

    /// <summary>Cost and accuracy alone, of any number of classes; a confusion matrix of zeros, if one is given, is filled.</summary>
    internal static (double Cost, double Accuracy) Measure(
        Network network, LabelledExamples examples, Workspace workspace, Span<int> confusion = default)
    {
        int classes = network.OutputSize;
        double cost = 0;
        int correct = 0;
        for (int start = 0; start < examples.Count; start += workspace.MaximumRows)
        {
            int rows = Math.Min(workspace.MaximumRows, examples.Count - start);
            ReadOnlySpan<float> inputs = examples.Inputs.Slice(start * examples.Features, rows * examples.Features);
            ReadOnlySpan<int> actual = examples.Classes.Slice(start, rows);
            ReadOnlySpan<float> z = ForwardPass.ComputeOutputZ(network, inputs, rows, workspace);
            cost += (double)rows * Kernel.CrossEntropyFromLogits(z, actual, rows, classes);
            for (int row = 0; row < rows; row++)
            {
                int predicted = IndexOfMax.Of(z.Slice(row * classes, classes));
                if (!confusion.IsEmpty)
                    confusion[actual[row] * classes + predicted]++;
                correct += predicted == actual[row] ? 1 : 0;
            }
        }

        return (cost / examples.Count, (double)correct / examples.Count);
    }

    /// <summary>How many rows, dense, have their largest element, the first of equals, at their class.</summary>
    internal static int CountCorrect(ReadOnlySpan<float> rows, ReadOnlySpan<int> classes)
    {
        int columns = rows.Length / classes.Length;
        int correct = 0;
        for (int row = 0; row < classes.Length; row++)
            correct += IndexOfMax.Of(rows.Slice(row * columns, columns)) == classes[row] ? 1 : 0;
        return correct;
    }

    /// <summary>Refuses examples that the network cannot take.</summary>
    internal static void RequireFit(Network network, LabelledExamples examples, string name)
    {
        ArgumentNullException.ThrowIfNull(examples, name);
        if (examples.Count == 0)
            throw new ArgumentException($"{name}: at least 1 example is needed, got 0", name);
        if (examples.Features != network.InputSize)
            throw new ArgumentException($"{name}: the network takes {network.InputSize} features, got {examples.Features}", name);
        if (examples.ClassCount > network.OutputSize)
            throw new ArgumentException($"{name}: the network has {network.OutputSize} outputs, got {examples.ClassCount} classes", name);
    }
}
