using System.Text;

namespace Backprop.Benchmarks.Reports;

/// <summary>A report as Markdown, to paste into a discussion.</summary>
internal static class MarkdownReport
{
    private static readonly string[] s_startupColumns = ["× scalar", "methods compiled", "JIT"];

    private static readonly string[] s_limitColumns = ["rate", "× scalar", "of the limit"];

    public static string Render(Report report)
    {
        StringBuilder text = new();
        text.Append("# Backprop: what each vector width is worth\n\n");
        foreach (string warning in report.Warnings)
            text.Append($"**{warning}**\n\n");
        text.Append($"{MarkdownTables.Machine(report)}\n## Which width to use\n\n{MarkdownTables.Verdicts(report.Rows)}\n");
        text.Append($"## Shape by shape\n\n{MarkdownTables.Glances(report.Rows)}\n");
        if (PeerStanding.Of(report).Any())
        {
            string programs = PeerText.Describe(PeerStanding.Programs(report));
            text.Append($"## Against other programs\n\n{programs}\n\n{MarkdownTables.Peers(report)}\n");
        }
        if (BuildText.Summary(report) is string summary)
            text.Append($"## Against another build\n\n{summary}\n\n{MarkdownTables.Builds(report)}\n");
        foreach (IGrouping<string, RowReport> kernel in report.Rows.GroupBy(row => row.Kernel))
            AppendKernel(text, kernel.Key, kernel);
        AppendTraining(text, report.Training);
        text.Append($"Total time: {Units.Digits(report.TotalSeconds)} s.\n");
        return text.ToString();
    }

    private static void AppendKernel(StringBuilder text, string kernel, IEnumerable<RowReport> rows)
    {
        bool startup = rows.Any(row => row.IsStartup);
        string table = MarkdownTable.Render(
            ["shape", "level", "threads", "time", "spread", .. startup ? s_startupColumns : s_limitColumns, "allocated"],
            rows.Select(row => (string[])
            [
                row.Shape, row.EqualTo is null ? row.Level : $"{row.Level} = {row.EqualTo}", $"{row.Threads}", Units.Time(row.MedianNs),
                Units.Spread(row), .. startup ? StartupCells(row) : LimitCells(row), Units.Bytes(row.AllocatedBytes),
            ]));
        text.Append($"## {kernel}\n\n{table}\n");
    }

    private static string[] StartupCells(RowReport row) => [Units.Factor(row.OverScalar), Units.Methods(row), Units.Jit(row)];

    private static string[] LimitCells(RowReport row) =>
        [Units.Rate(row), Units.Factor(row.OverScalar), $"{Units.Percent(row.OfLimit)} ({row.Limit})"];

    private static void AppendTraining(StringBuilder text, IReadOnlyList<TrainingReport> rows)
    {
        if (rows.Count == 0)
            return;
        string table = MarkdownTable.Render(
            ["level", "threads", "time", "examples/s", "test accuracy", "SHA-256 of the parameters"],
            rows.Select(row => new[]
            {
                row.Level, $"{row.Threads}", Units.Time(row.Seconds * 1e9), Units.Digits(row.SamplesPerSecond),
                Units.Digits(row.TestAccuracy * 100) + " %", $"`{row.ParametersSha256}`",
            }));
        text.Append($"## Training on the embedded digits: {rows[0].Layers}, batch {rows[0].Batch}, {rows[0].Epochs} epochs\n\n{table}\n");
    }
}
