namespace Backprop.Benchmarks.Reports;

/// <summary>The tables that the Markdown report and the documents share.</summary>
internal static class MarkdownTables
{
    public static string Machine(Report report)
    {
        IEnumerable<(string Name, string Text)> lines = MachineText.Lines(report.Machine);
        if (report.Limits is not null)
            lines = lines.Concat(MachineText.Lines(report.Limits));
        return MarkdownTable.Render(["", ""], lines.Select(line => new[] { line.Name, line.Text }));
    }

    /// <summary>A line a kernel: the width to use, and what it comes to over all shapes.</summary>
    public static string Verdicts(IReadOnlyList<RowReport> rows) => MarkdownTable.Render(
        ["kernel", "what it computes", "use", "× scalar", "× naive", "× TensorPrimitives", "of the limit"],
        Verdict.OfFewestThreads(rows).Select(verdict => new[]
        {
            verdict.Kernel, KernelText.Describe(verdict.Kernel), VerdictText.Use(verdict),
            VerdictText.Factors(verdict.Shapes.Select(glance => glance.Fastest.OverScalar)),
            VerdictText.Factors(verdict.Shapes.Select(glance => glance.OverNaive)),
            VerdictText.Factors(verdict.Shapes.Select(glance => glance.OverTensorPrimitives)),
            Ranges.Text([.. verdict.Rows.Select(row => row.OfLimit)], Units.Percent),
        }));

    /// <summary>A line a shape: the fastest width, and what it is worth.</summary>
    public static string Glances(IEnumerable<RowReport> rows) => MarkdownTable.Render(
        ["kernel", "shape", "fastest width", "time", "× scalar", "× naive", "× TensorPrimitives", "of the limit"],
        Glance.Of(rows).Select(glance => new[]
        {
            glance.Fastest.Kernel, Shape(glance.Fastest), string.Join(" = ", glance.Levels), Units.Time(glance.Fastest.MedianNs),
            Units.Factor(glance.Fastest.OverScalar), Units.Factor(glance.OverNaive), Units.Factor(glance.OverTensorPrimitives),
            $"{Units.Percent(glance.Fastest.OfLimit)} ({glance.Fastest.Limit})",
        }));

    /// <summary>A line a shape at which the library and another program were measured; losses are in bold.</summary>
    public static string Peers(Report report) => MarkdownTable.Render(
        ["kernel and shape", "threads", "Backprop", "best other program", "its time / Backprop's", "the others"],
        PeerStanding.Of(report).Select(standing => new[]
        {
            $"`{standing.Own.Kernel}` {standing.Own.Shape}", $"{standing.Own.Threads}", Units.Time(standing.Own.MedianNs),
            $"{standing.Best.Level} {Units.Time(standing.Best.MedianNs)}",
            standing.IsBehind ? $"**{PeerText.Ratio(standing)}**" : PeerText.Ratio(standing),
            PeerText.Others(standing),
        }));

    /// <summary>A line a shape at which this build and another were measured; losses beyond the noise are in bold.</summary>
    public static string Builds(Report report) => MarkdownTable.Render(
        ["kernel and shape", "threads", "new", "old", BuildText.Heading],
        BuildStanding.Of(report.Rows).Select(standing => new[]
        {
            $"`{standing.New.Kernel}` {standing.New.Shape}", $"{standing.New.Threads}", Units.Time(standing.New.MedianNs),
            Units.Time(standing.Old.MedianNs),
            standing.IsSlower ? $"**{BuildText.RatioAndNoise(standing)}**" : BuildText.RatioAndNoise(standing),
        }));

    private static string Shape(RowReport row) => row.Threads == 1 ? row.Shape : $"{row.Shape}, {row.Threads} threads";
}
