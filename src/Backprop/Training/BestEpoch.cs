namespace Backprop.Training;

/// <summary>Finds the epoch of the highest validation accuracy, the first of equals.</summary>
internal sealed class BestEpoch
{
    private double _accuracy = -1;

    /// <summary>Counted from 1; 0 as long as no report had a validation accuracy.</summary>
    internal int Epoch { get; private set; }

    /// <summary>Looks at the next report; true if it is the best so far.</summary>
    internal bool Consider(EpochReport report)
    {
        if (report.ValidationAccuracy is not { } accuracy || accuracy <= _accuracy)
            return false;
        (_accuracy, Epoch) = (accuracy, report.Epoch);
        return true;
    }
}
