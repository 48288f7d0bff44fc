using Backprop.Data;
using Backprop.Networks;
using Backprop.Training;

namespace Backprop.Cli.Commands;

/// <summary>The epoch of the highest validation accuracy (the first of equals), and the test accuracy measured right after it.</summary>
internal sealed class BestEpoch(Network network, LabelledExamples test, int threads)
{
    private double _validationAccuracy = -1;

    /// <summary>Counted from 1; 0 before the first report.</summary>
    internal int Epoch { get; private set; }

    internal double? TestAccuracy { get; private set; }

    internal void Consider(EpochReport report)
    {
        if (report.ValidationAccuracy is not { } accuracy || accuracy <= _validationAccuracy)
            return;

        _validationAccuracy = accuracy;
        Epoch = report.Epoch;
        TestAccuracy = Evaluator.Evaluate(network, test, threads).Accuracy;
    }
}
