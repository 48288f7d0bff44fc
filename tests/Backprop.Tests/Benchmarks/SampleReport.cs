using Backprop.Benchmarks.Reports;

namespace Backprop.Tests.Benchmarks;

/// <summary>A small report with figures that are easy to follow.</summary>
internal static class SampleReport
{
    public static Report Create(params IReadOnlyList<RowReport> rows) => new(
        Report.CurrentSchemaVersion, Complete: true, Quick: false, TotalSeconds: 12.5,
        new MachineReport(
            "A <fast> & \"new\" CPU", 8, 4, "X64", new(32768, 1048576, 33554432, "test"), "Linux", ".NET 10", "1.2.3", "10.0.12",
            new Dictionary<string, bool> { ["v128"] = true, ["v256"] = true, ["v512"] = false }, ["AVX2", "FMA"], "v256: the widest",
            new Dictionary<string, string> { ["DOTNET_EnableAVX512"] = "0" },
            "2026-01-02T03:04:05+00:00", ["Something is off."]),
        new LimitsReport(
            100, new Dictionary<string, double> { ["L1"] = 200, ["L2"] = 100, ["L3"] = 50, ["DRAM"] = 20 },
            new Dictionary<string, double> { ["scalar"] = 12.5, ["v128"] = 50, ["v256"] = 100 },
            new Dictionary<string, long> { ["L1"] = 16384 },
            new Dictionary<string, double> { ["L1"] = 100, ["L2"] = 50, ["L3"] = 25, ["DRAM"] = 10 },
            new Dictionary<string, double> { ["L1"] = 150, ["L2"] = 75, ["L3"] = 40, ["DRAM"] = 15 },
            []),
        rows,
        [new PeerReport("openblas", "0.3.21", 1, "Haswell")],
        [
            new TrainingReport("scalar", "64-100-10", 10, 10, 1, 2, 7000, 0.97, "aa"),
            new TrainingReport("v256", "64-100-10", 10, 10, 1, 0.5, 28000, 0.97, "aa"),
        ]);

    public static RowReport Row(string level, double nanoseconds, double? overScalar, double spread = 0.01) => new(
        "gemm-nt", "128x512x784", level, 1, nanoseconds, nanoseconds * (1 - spread), nanoseconds * (1 + spread), 15, 50, 2.5, 0.5, "FMA",
        overScalar, 0, 25_000, 1250, 1250, "L1", null, true);
}
