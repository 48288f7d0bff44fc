using System.Text;
using Backprop.Benchmarks.Reports.Plots;
using static Backprop.Benchmarks.Reports.HtmlText;

namespace Backprop.Benchmarks.Reports;

/// <summary>A report as one page that needs nothing else: the template <c>page.html</c> with its places filled.</summary>
internal static class HtmlReport
{
    public static string Render(Report report)
    {
        // the other programs have a table of their own
        HashSet<string> peers = [.. report.Peers.Select(peer => peer.Name)];
        IReadOnlyList<RowReport> own = [.. report.Rows.Where(row => !peers.Contains(row.Level))];
        StringBuilder page = new(ReadResource("page.html"));
        page.Replace("{{style}}", ReadResource("page.css"));
        page.Replace("{{script}}", ReadResource("page.js"));
        page.Replace("{{cpu}}", Encode(report.Machine.Cpu));
        page.Replace("{{runtime}}", Encode(report.Machine.Runtime));
        page.Replace("{{date}}", Encode(report.Machine.Date[..10]));
        page.Replace("{{warnings}}", string.Concat(report.Warnings.Select(warning => $"<p class=\"warning\">{Encode(warning)}</p>\n")));
        page.Replace("{{verdict}}", VerdictSection.Render(report));
        page.Replace("{{glance}}", GlanceRows(report.Rows));
        page.Replace("{{roofline}}", OrNotMeasured(report.Limits is null ? "" : RooflinePlot.Render(own, report.Limits)));
        page.Replace("{{charts}}", OrNotMeasured(SpeedUps(own)));
        page.Replace("{{sizes}}", OrNotMeasured(SizePlots.Render(own, report.Machine.Caches)));
        page.Replace("{{threads}}", OrNotMeasured(ThreadChart.Render(report.Rows)));
        page.Replace("{{peers}}", PeersSection.Render(report));
        page.Replace("{{builds}}", BuildsSection.Render(report));
        page.Replace("{{startup}}", StartupSection.Render(report.Rows));
        page.Replace("{{training}}", Training(report.Training));
        page.Replace("{{rows}}", RowsSection.Render([.. report.Rows.Where(row => !row.IsStartup)]));
        page.Replace("{{limits}}", report.Limits is null ? "" : Pairs(MachineText.Lines(report.Limits)));
        page.Replace("{{machine}}", Pairs(MachineText.Lines(report.Machine)));
        page.Replace("{{seconds}}", Units.Digits(report.TotalSeconds));
        page.Replace("{{json}}", Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonReport.Render(report))));
        return page.ToString();
    }

    private static string ReadResource(string name)
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(typeof(HtmlReport), name)
            ?? throw new InvalidOperationException($"{name} is not embedded in this assembly");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    private static string OrNotMeasured(string figures) => figures.Length > 0 ? figures : "<p>Not measured in this run.</p>\n";

    private static string GlanceRows(IReadOnlyList<RowReport> rows) => string.Concat(Glance.Of(rows).Select(glance => Row(
        Text(glance.Fastest.Kernel), Text(glance.Fastest.Shape), Number($"{glance.Fastest.Threads}"),
        Text(string.Join(" = ", glance.Levels)), Number(Units.Time(glance.Fastest.MedianNs)), Number(Units.Factor(glance.Fastest.OverScalar)),
        Number(Units.Factor(glance.OverNaive)), Number(Units.Factor(glance.OverTensorPrimitives)),
        Meter(glance.Fastest.OfLimit, glance.Fastest.Limit))));

    private static string SpeedUps(IReadOnlyList<RowReport> rows) => string.Concat(rows.GroupBy(row => row.Kernel)
        .Select(kernel => (kernel.Key, Chart: SpeedUpChart.Render(kernel.Key, [.. kernel])))
        .Where(entry => entry.Chart.Length > 0)
        .Select(entry => Figure(entry.Key, entry.Chart)));

    private static string Training(IReadOnlyList<TrainingReport> rows)
    {
        if (rows.Count == 0)
            return "<p>Not run.</p>";
        string body = string.Concat(rows.Select(row => Row(
            Text(row.Level), Number($"{row.Threads}"), Number(Units.Time(row.Seconds * 1e9)), Number(Units.Digits(row.SamplesPerSecond)),
            Number(Units.Digits(row.TestAccuracy * 100) + " %"), $"<td class=\"digest\">{Encode(row.ParametersSha256)}</td>")));
        bool same = rows.DistinctBy(row => row.ParametersSha256).Count() == 1;
        string verdict = same
            ? "The parameters are the same bits in every row."
            : "<strong>The parameters differ between rows: this is an error.</strong>";
        return $"""
            <p>{Encode(rows[0].Layers)}, batch {rows[0].Batch}, {rows[0].Epochs} epochs. {verdict}</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Training"><table>
            <thead><tr><th scope="col">level</th><th scope="col" class="number">threads</th><th scope="col" class="number">time</th>
            <th scope="col" class="number">examples/s</th>
            <th scope="col" class="number">test accuracy</th><th scope="col">SHA-256 of the parameters</th></tr></thead>
            <tbody>
            {body}</tbody></table></div>
            """;
    }
}
