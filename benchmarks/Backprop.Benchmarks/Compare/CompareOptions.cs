using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;

namespace Backprop.Benchmarks.Compare;

/// <summary>What to compare, checked: everything in it can be run.</summary>
/// <param name="Quick">Shorter samples, and fewer shapes unless they are named.</param>
/// <param name="Cases">The shapes, in the order of the report.</param>
/// <param name="Contenders">The levels.</param>
/// <param name="ContendersNamed">Whether the user named the levels: what was asked for is run however long it takes.</param>
/// <param name="Threads">Threads for work the library spreads over threads.</param>
/// <param name="Outputs">The files to write at the end.</param>
internal sealed record CompareOptions(
    bool Quick,
    IReadOnlyList<KernelCase> Cases,
    IReadOnlyList<IContender> Contenders,
    bool ContendersNamed,
    int Threads,
    IReadOnlyList<OutputFile> Outputs);
