namespace Backprop.Benchmarks.Reports.Docs;

/// <summary>What a report puts into the marked regions of the documents.</summary>
internal static class DocumentParts
{
    private const string OneCore = "one core";

    /// <summary>By the name of the region. The parts about other programs are null when their report has none.</summary>
    public static IReadOnlyDictionary<string, string?> Of(Report report, Report peers, Report threads, Report avx2)
    {
        List<PeerStanding> standings = [.. PeerStanding.Of(peers)];
        return new Dictionary<string, string?>
        {
            ["machine"] = MarkdownTables.Machine(report),
            ["verdicts"] = $"{Origin(report, OneCore)}\n\n{MarkdownTables.Verdicts(report.Rows)}",
            ["widths"] = MarkdownTables.Glances(report.Rows.Where(row => row.Threads == 1)),
            ["threads"] = Threads(report.Rows),
            ["peers"] = standings.Count == 0 ? null : Peers(peers, OneCore),
            ["peers-threads"] = PeerStanding.Of(threads).Any() ? Peers(threads, "several cores") : null,
            ["peers-avx2"] = PeerStanding.Of(avx2).Any() ? Peers(avx2, OneCore) : null,
            ["behind"] = standings.Count == 0 ? null : Behind(standings),
        };
    }

    private static string Origin(Report report, string cores) =>
        $"On {cores} of {report.Machine.Cpu}, {report.Machine.OperatingSystem}, {report.Machine.Runtime}, {report.Machine.Date[..10]}."
        + (report.Limits is null ? "" : $" {Peaks(report.Limits)}");

    private static string Peaks(LimitsReport limits) =>
        "FMA peak, measured in the same run: "
        + string.Join(", ", limits.FmaGflopsByLevel.Select(peak => $"{peak.Key} {Units.Digits(peak.Value)}")) + " GFLOP/s.";

    private static string Peers(Report report, string cores) =>
        $"{Origin(report, cores)}\n{PeerText.Describe(report.Peers)}\n\n{MarkdownTables.Peers(report)}";

    private static string Threads(IReadOnlyList<RowReport> rows)
    {
        const string Level = "auto";
        Dictionary<(string, string), double> single =
            rows.Where(row => row.Level == Level && row.Threads == 1).ToDictionary(row => (row.Kernel, row.Shape), row => row.MedianNs);
        List<RowReport> threaded =
            [.. rows.Where(row => row.Level == Level && row.Threads > 1 && single.ContainsKey((row.Kernel, row.Shape)))];
        return threaded.Count == 0
            ? "Not measured in this run."
            : MarkdownTable.Render(
                ["kernel", "shape", "threads", "time", "× one thread", "of the limit of these threads"],
                threaded.Select(row => new[]
                {
                    row.Kernel, row.Shape, $"{row.Threads}", Units.Time(row.MedianNs),
                    Units.Factor(single[(row.Kernel, row.Shape)] / row.MedianNs), $"{Units.Percent(row.OfLimit)} ({row.Limit})",
                }));
    }

    private static string Behind(List<PeerStanding> standings)
    {
        List<PeerStanding> losses = [.. standings.Where(standing => standing.IsBehind).OrderBy(standing => standing.Ratio)];
        return losses.Count == 0
            ? $"At none of the {standings.Count} shapes that were compared."
            : string.Join('\n', losses.Select(loss =>
                $"- `{loss.Own.Kernel}` {loss.Own.Shape}{(loss.Own.Threads == 1 ? "" : $" on {loss.Own.Threads} threads")}:"
                + $" {Units.Time(loss.Own.MedianNs)}, {loss.Best.Level} {Units.Time(loss.Best.MedianNs)},"
                + $" {Units.Digits(loss.Ratio)} of its speed{(loss.IsClear ? "" : " (within the noise)")}"));
    }
}
