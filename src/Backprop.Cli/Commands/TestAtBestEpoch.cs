using Backprop.Data;
using Backprop.Networks;
using Backprop.Training;

namespace Backprop.Cli.Commands;

/// <summary>The best epoch so far by its validation accuracy, and the test accuracy measured right after it.</summary>
internal sealed class TestAtBestEpoch(Network network, LabelledExamples test, int threads)
{
    private readonly BestEpoch _best = new();
    private readonly Workspace _workspace = Evaluator.CreateWorkspace(network, test.Count, threads);

    /// <summary>Counted from 1; 0 before the first report.</summary>
    internal int Epoch => _best.Epoch;

    internal double? Accuracy { get; private set; }

    internal void Consider(EpochReport report)
    {
        if (_best.Consider(report))
            Accuracy = Evaluator.Measure(network, test, _workspace).Accuracy;
    }
}
