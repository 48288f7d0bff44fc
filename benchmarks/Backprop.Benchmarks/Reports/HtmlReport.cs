using System.Globalization;
using System.Net;
using System.Text;

namespace Backprop.Benchmarks.Reports;

/// <summary>A report as one page that needs nothing else: the template <c>page.html</c> with its places filled.</summary>
internal static class HtmlReport
{
    public static string Render(Report report)
    {
        StringBuilder page = new(ReadTemplate());
        page.Replace("{{cpu}}", Encode(report.Machine.Cpu));
        page.Replace("{{runtime}}", Encode(report.Machine.Runtime));
        page.Replace("{{date}}", Encode(report.Machine.Date[..10]));
        page.Replace("{{warnings}}", string.Concat(report.Warnings.Select(warning => $"<p class=\"warning\">{Encode(warning)}</p>\n")));
        page.Replace("{{glance}}", GlanceRows(report.Rows));
        page.Replace("{{limits}}", report.Limits is null ? "" : Pairs(MachineText.Lines(report.Limits)));
        page.Replace("{{charts}}", Charts(report.Rows));
        page.Replace("{{rows}}", Rows(report.Rows));
        page.Replace("{{training}}", Training(report.Training));
        page.Replace("{{machine}}", Pairs(MachineText.Lines(report.Machine)));
        page.Replace("{{seconds}}", Units.Digits(report.TotalSeconds));
        return page.ToString();
    }

    private static string ReadTemplate()
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(typeof(HtmlReport), "page.html")
            ?? throw new InvalidOperationException("page.html is not embedded in this assembly");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    private static string GlanceRows(IReadOnlyList<RowReport> rows) => string.Concat(Glance.Of(rows).Select(glance => Row(
        Text(glance.Fastest.Kernel), Text(glance.Fastest.Shape), Text(string.Join(" = ", glance.Levels)),
        Extra(Units.Time(glance.Fastest.MedianNs)), Number(Units.Factor(glance.Fastest.OverScalar)),
        Extra(Units.Factor(glance.OverNaive)), Extra(Units.Factor(glance.OverTensorPrimitives)),
        Meter(glance.Fastest.OfLimit, glance.Fastest.Limit))));

    private static string Charts(IReadOnlyList<RowReport> rows) => string.Concat(rows.GroupBy(row => row.Kernel)
        .Select(kernel => (kernel.Key, Chart: SpeedUpChart.Render(kernel.Key, kernel)))
        .Where(entry => entry.Chart.Length > 0)
        .Select(entry => $"<figure><figcaption>{Encode(entry.Key)}</figcaption>\n{entry.Chart}</figure>\n"));

    private static string Rows(IReadOnlyList<RowReport> rows) => string.Concat(rows.Select(row => Row(
        Text(row.Kernel), Text(row.Shape), Text(row.Level), Number($"{row.Threads}"), Number(Units.Time(row.MedianNs)),
        Number(Units.Spread(row)), Number(Units.Rate(row)), Number(Units.Factor(row.OverScalar)), Meter(row.OfLimit, row.Limit),
        Number(Units.Bytes(row.AllocatedBytes)))));

    private static string Training(IReadOnlyList<TrainingReport> rows)
    {
        if (rows.Count == 0)
            return "<p>Not run.</p>";
        string body = string.Concat(rows.Select(row => Row(
            Text(row.Level), Number(Units.Digits(row.Seconds)), Number(Units.Digits(row.SamplesPerSecond)),
            Number(Units.Digits(row.TestAccuracy * 100) + " %"), $"<td class=\"digest\">{Encode(row.ParametersSha256)}</td>")));
        bool same = rows.DistinctBy(row => row.ParametersSha256).Count() == 1;
        string verdict = same
            ? "The parameters are the same bits in every row."
            : "<strong>The parameters differ between rows: this is an error.</strong>";
        return $"""
            <p>{Encode(rows[0].Layers)}, batch {rows[0].Batch}, {rows[0].Epochs} epochs. {verdict}</p>
            <div class="scroll"><table>
            <thead><tr><th>level</th><th class="number">seconds</th><th class="number">examples/s</th>
            <th class="number">test accuracy</th><th>SHA-256 of the parameters</th></tr></thead>
            <tbody>
            {body}</tbody></table></div>
            """;
    }

    private static string Pairs(IEnumerable<(string Name, string Text)> lines) =>
        string.Concat(lines.Select(line => $"<dt>{Encode(line.Name)}</dt><dd>{Encode(line.Text)}</dd>\n"));

    private static string Row(params IEnumerable<string> cells) => $"<tr>{string.Concat(cells)}</tr>\n";

    private static string Text(string text) => $"<td>{Encode(text)}</td>";

    private static string Number(string text) => $"<td class=\"number\">{Encode(text)}</td>";

    // a column that a narrow screen leaves out
    private static string Extra(string text) => $"<td class=\"number extra\">{Encode(text)}</td>";

    private static string Meter(double fraction, string boundBy)
    {
        string width = (Math.Clamp(fraction, 0, 1) * 100).ToString("F1", CultureInfo.InvariantCulture);
        return $"<td class=\"meter\"><span class=\"track\"><span class=\"fill\" style=\"width:{width}%\"></span></span>"
            + $"<span class=\"percent\">{Units.Percent(fraction)}</span> <small>{Encode(boundBy)}</small></td>";
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
