using Backprop.Benchmarks.Reports;

namespace Backprop.Benchmarks.Compare;

/// <summary>Told what a comparison finds as it goes.</summary>
internal interface IComparisonObserver
{
    void Started(MachineReport machine);

    /// <summary>The other programs that will be measured.</summary>
    void PeersFound(IReadOnlyList<PeerReport> peers);

    /// <summary>The part named begins; <paramref name="remaining"/> is the time left for all parts as far as known.</summary>
    void PartStarted(string part, int number, int count, TimeSpan remaining);

    void LimitsMeasured(LimitsReport limits);

    /// <summary>All rows of a kernel, or those there were when the run was interrupted.</summary>
    void KernelFinished(string kernel, IReadOnlyList<RowReport> rows);

    void TrainingFinished(IReadOnlyList<TrainingReport> rows);

    /// <summary>Something that was left out on purpose.</summary>
    void Noticed(string message);

    /// <summary>A result that is not right, or that differs where it must not. The run goes on.</summary>
    void Failed(string message);
}
