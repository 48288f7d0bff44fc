namespace Backprop.Benchmarks.Reports;

/// <summary>Limits of several threads together.</summary>
internal sealed record ThreadLimitsReport(
    int Threads,
    double FmaGflops,
    IReadOnlyDictionary<string, double> ReadGBps,
    IReadOnlyDictionary<string, double> FmaGflopsByLevel,
    IReadOnlyDictionary<string, double> WriteGBps,
    IReadOnlyDictionary<string, double> CopyGBps);
