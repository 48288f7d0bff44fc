using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;

namespace Backprop.Benchmarks.Compare;

/// <summary>What to compare, checked: everything in it can be run.</summary>
internal sealed record CompareOptions(
    bool Quick, IReadOnlyList<KernelCase> Cases, IReadOnlyList<IContender> Contenders, int Threads, IReadOnlyList<OutputFile> Outputs);
