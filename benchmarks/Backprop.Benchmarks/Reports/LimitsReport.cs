namespace Backprop.Benchmarks.Reports;

/// <summary>What this machine can do at most, measured in the same run.</summary>
/// <param name="FmaGflops">Fused multiply-adds in registers on one thread at the best width, 2 operations each.</param>
/// <param name="ReadGBps">Read bandwidth of one thread by cache level: L1, L2, L3, DRAM; 10⁹ bytes a second.</param>
/// <param name="FmaGflopsByLevel">The peak of each width on one thread.</param>
/// <param name="WorkingSets">Bytes that a thread goes through over and over for each bandwidth.</param>
/// <param name="WriteGBps">Write bandwidth of one thread by cache level, counting the bytes written alone.</param>
/// <param name="CopyGBps">Copy bandwidth of one thread by cache level, counting bytes read and bytes written.</param>
/// <param name="Threads">The same on several threads at once, where rows ran on several.</param>
internal sealed record LimitsReport(
    double FmaGflops,
    IReadOnlyDictionary<string, double> ReadGBps,
    IReadOnlyDictionary<string, double> FmaGflopsByLevel,
    IReadOnlyDictionary<string, long> WorkingSets,
    IReadOnlyDictionary<string, double> WriteGBps,
    IReadOnlyDictionary<string, double> CopyGBps,
    IReadOnlyList<ThreadLimitsReport> Threads);
