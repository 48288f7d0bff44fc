namespace Backprop.Benchmarks.Reports;

/// <summary>What this machine can do at most, measured in the same run.</summary>
/// <param name="FmaGflops">Fused multiply-adds in registers on one thread at the best width, 2 operations each.</param>
/// <param name="ReadGBps">Read bandwidth of one thread by cache level: L1, L2, L3, DRAM; 10⁹ bytes a second.</param>
/// <param name="FmaGflopsByLevel">The peak of each width on one thread.</param>
/// <param name="WorkingSets">Bytes read over and over for each bandwidth.</param>
/// <param name="Threads">The same on several threads at once, where rows ran on several.</param>
internal sealed record LimitsReport(
    double FmaGflops,
    IReadOnlyDictionary<string, double> ReadGBps,
    IReadOnlyDictionary<string, double> FmaGflopsByLevel,
    IReadOnlyDictionary<string, long> WorkingSets,
    IReadOnlyList<ThreadLimitsReport> Threads);
