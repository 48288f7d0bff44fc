using System.Text;

namespace Backprop.Benchmarks.Reports;

/// <summary>A report as Markdown, to paste into a discussion.</summary>
internal static class MarkdownReport
{
    public static string Render(Report report)
    {
        StringBuilder text = new();
        text.Append("# Backprop: what each vector width is worth\n\n");
        AppendMachine(text, report);
        AppendGlances(text, report);
        foreach (IGrouping<string, RowReport> kernel in report.Rows.GroupBy(row => row.Kernel))
            AppendKernel(text, kernel.Key, kernel);
        AppendTraining(text, report.Training);
        text.Append($"Total time: {Units.Digits(report.TotalSeconds)} s.\n");
        return text.ToString();
    }

    private static void AppendMachine(StringBuilder text, Report report)
    {
        foreach (string warning in report.Warnings)
            text.Append($"**{warning}**\n\n");
        IEnumerable<(string Name, string Text)> lines = MachineText.Lines(report.Machine);
        if (report.Limits is not null)
            lines = lines.Concat(MachineText.Lines(report.Limits));
        AppendTable(text, ["", ""], lines.Select(line => new[] { line.Name, line.Text }));
    }

    private static void AppendGlances(StringBuilder text, Report report)
    {
        text.Append("## At a glance\n\n");
        AppendTable(
            text, ["kernel", "shape", "fastest width", "time", "× scalar", "× naive", "× TensorPrimitives", "of the limit"],
            Glance.Of(report.Rows).Select(glance => new[]
            {
                glance.Fastest.Kernel, glance.Fastest.Shape, string.Join(" = ", glance.Levels), Units.Time(glance.Fastest.MedianNs),
                Units.Factor(glance.Fastest.OverScalar), Units.Factor(glance.OverNaive), Units.Factor(glance.OverTensorPrimitives),
                Units.Percent(glance.Fastest.OfLimit),
            }));
    }

    private static void AppendKernel(StringBuilder text, string kernel, IEnumerable<RowReport> rows)
    {
        text.Append($"## {kernel}\n\n");
        AppendTable(
            text, ["shape", "level", "threads", "time", "spread", "rate", "× scalar", "of the limit", "allocated"],
            rows.Select(row => new[]
            {
                row.Shape, row.Level, $"{row.Threads}", Units.Time(row.MedianNs), Units.Spread(row), Units.Rate(row),
                Units.Factor(row.OverScalar), $"{Units.Percent(row.OfLimit)} ({row.Limit})", Units.Bytes(row.AllocatedBytes),
            }));
    }

    private static void AppendTraining(StringBuilder text, IReadOnlyList<TrainingReport> rows)
    {
        if (rows.Count == 0)
            return;
        text.Append($"## Training on the embedded digits: {rows[0].Layers}, batch {rows[0].Batch}, {rows[0].Epochs} epochs\n\n");
        AppendTable(
            text, ["level", "time", "examples/s", "test accuracy", "SHA-256 of the parameters"],
            rows.Select(row => new[]
            {
                row.Level, Units.Time(row.Seconds * 1e9), Units.Digits(row.SamplesPerSecond), Units.Digits(row.TestAccuracy * 100) + " %",
                $"`{row.ParametersSha256}`",
            }));
    }

    private static void AppendTable(StringBuilder text, string[] headers, IEnumerable<string[]> rows)
    {
        text.Append($"| {string.Join(" | ", headers)} |\n|{string.Concat(headers.Select(_ => "---|"))}\n");
        foreach (string[] row in rows)
            text.Append($"| {string.Join(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");
        text.Append('\n');
    }
}
