using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;
using Backprop.Data;
using Backprop.Networks;
using Backprop.Training;

namespace Backprop.Benchmarks.Work;

/// <summary>Real work: the embedded digits learned at each level of the library, to the same parameters.</summary>
internal static class DigitsTraining
{
    private const int Hidden = 100;
    private const ulong Seed = 1;

    /// <summary>One row a level among <paramref name="contenders"/> that the library has; those finished before cancellation.</summary>
    public static IReadOnlyList<TrainingReport> Run(
        IReadOnlyList<IContender> contenders, int epochs, int threads, CancellationToken cancellation)
    {
        // the last fifth is held out
        LabelledExamples examples = Digits.Load().Shuffle(Seed);
        (LabelledExamples training, LabelledExamples test) = examples.Split(examples.Count - examples.Count / 5);
        List<TrainingReport> rows = [];
        foreach (IContender contender in contenders)
        {
            if (cancellation.IsCancellationRequested)
                break;
            if (contender.Name == AutoContender.Level)
                rows.Add(Train(contender.Name, training, test, epochs, threads));
            else if (contender is LevelContender library)
                CappedLevel.Run(library.Level, () => rows.Add(Train(contender.Name, training, test, epochs, threads)));
        }
        return rows;
    }

    private static TrainingReport Train(string level, LabelledExamples training, LabelledExamples test, int epochs, int threads)
    {
        // a first epoch on a network of its own, so that no level pays for compilation
        RunEpochs(training, 1, threads);
        (Network network, TrainingOptions options, TrainingResult result) = RunEpochs(training, epochs, threads);
        return new TrainingReport(
            level, string.Join('-', network.Layers.ToArray()), epochs, options.BatchSize, threads, result.Seconds, result.SamplesPerSecond,
            Evaluator.Evaluate(network, test, threads).Accuracy, network.ComputeSha256());
    }

    private static (Network Network, TrainingOptions Options, TrainingResult Result) RunEpochs(
        LabelledExamples training, int epochs, int threads)
    {
        Network network = new(training.Features, Hidden, training.ClassCount);
        Initializer.Initialize(network, Initialization.ScaledNormal, Seed);
        TrainingOptions options = new() { Epochs = epochs, Seed = Seed, Threads = threads };
        return (network, options, new Trainer(network, options).Train(training));
    }
}
