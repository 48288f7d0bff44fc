using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;

namespace Backprop.Benchmarks.Compare;

/// <summary>What to compare, checked: everything in it can be run.</summary>
/// <param name="Quick">Shorter samples, and fewer shapes unless they are named.</param>
/// <param name="Cases">The shapes, in the order of the report.</param>
/// <param name="Contenders">The levels, another build of the library after them, and the peers.</param>
/// <param name="MissingPeers">Peers that were asked for and that this machine does not have.</param>
/// <param name="ContendersNamed">Whether the user named the levels: what was asked for is run however long it takes.</param>
/// <param name="Threads">Numbers of threads for work that is spread over threads, ascending.</param>
/// <param name="Baseline">An earlier report to compare with, or null.</param>
/// <param name="Tolerance">The fraction by which a row may be slower than in the baseline.</param>
/// <param name="Outputs">The files to write at the end.</param>
internal sealed record CompareOptions(
    bool Quick,
    IReadOnlyList<KernelCase> Cases,
    IReadOnlyList<IContender> Contenders,
    IReadOnlyList<IPeer> MissingPeers,
    bool ContendersNamed,
    IReadOnlyList<int> Threads,
    Baseline? Baseline,
    double Tolerance,
    IReadOnlyList<OutputFile> Outputs);
