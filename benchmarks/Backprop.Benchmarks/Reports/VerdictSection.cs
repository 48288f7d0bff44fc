using static Backprop.Benchmarks.Reports.HtmlText;

namespace Backprop.Benchmarks.Reports;

/// <summary>The first thing on the page: which width to use on this CPU, what it is worth, and what is left on the table.</summary>
internal static class VerdictSection
{
    private const string Fma = "FMA";

    public static string Render(Report report)
    {
        List<Verdict> verdicts = [.. Verdict.OfFewestThreads(report.Rows)];
        if (verdicts.Count == 0)
            return "<p>No vector width of the library was measured.</p>";
        return Cards([.. verdicts.SelectMany(verdict => verdict.Shapes)], report.Machine.Simd) + Table(verdicts);
    }

    private static string Cards(IReadOnlyList<Glance> glances, string choice)
    {
        string level = Verdict.Overall(glances)!;
        int good = glances.Count(glance => glance.Levels.Contains(level));
        List<double> gains = [.. glances.Select(glance => glance.Fastest.OverScalar).OfType<double>()];
        List<RowReport> compute = [.. glances.Select(glance => glance.Fastest).Where(row => row.Limit == Fma)];
        List<RowReport> memory = [.. glances.Select(glance => glance.Fastest).Where(row => row.Limit != Fma)];
        return "<div class=\"cards\">\n"
            + Card("Use", level, $"{WidthText.Of(level)}: the fastest width, or as fast as it, at {good} of {glances.Count} shapes."
                + $" The library by itself picks {choice.Split(':')[0]}.")
            + (gains.Count == 0 ? "" : Card("It is worth", Units.Factor(Ranges.Median(gains)),
                $"the speed of the same code at one lane, in the median; {Ranges.Text(gains, Units.Factor)} from shape to shape."))
            + Left("Left on the table, bound by arithmetic", compute, "the FMA peak")
            + Left("Left on the table, bound by memory", memory, "the bandwidth of the cache that holds the operands")
            + "</div>\n";
    }

    private static string Left(string title, List<RowReport> rows, string limit) => rows.Count == 0 ? "" : Card(
        title, Units.Percent(Ranges.Median([.. rows.Select(VerdictText.LeftOver)])),
        $"of {limit} in the median of {rows.Count} shapes; {Ranges.Text([.. rows.Select(VerdictText.LeftOver)], Units.Percent)}.");

    private static string Card(string title, string figure, string text) =>
        $"<div class=\"card\"><h2>{Encode(title)}</h2><p class=\"figure\">{Encode(figure)}</p><p>{Encode(text)}</p></div>\n";

    private static string Table(IReadOnlyList<Verdict> verdicts) => $"""
        <div class="scroll" tabindex="0" role="region" aria-label="Width to use by kernel"><table class="verdicts">
        <thead><tr><th scope="col">kernel</th><th scope="col">use</th><th scope="col" class="number">× scalar</th>
        <th scope="col">of the limit, a dot a shape</th><th scope="col" class="number">left on the table</th>
        <th scope="col">held back by</th></tr></thead>
        <tbody>
        {string.Concat(verdicts.Select(Line))}</tbody></table></div>

        """;

    private static string Line(Verdict verdict) => Row(
        $"<th scope=\"row\">{Encode(verdict.Kernel)} <small>{Encode(KernelText.Describe(verdict.Kernel))}</small></th>",
        $"<td><strong>{Encode(VerdictText.Levels(verdict.Levels))}</strong>"
            + $" <small>{Encode(VerdictText.Exceptions(verdict))}</small></td>",
        Number(VerdictText.Factors(verdict.Rows.Select(row => row.OverScalar))), $"<td>{Strip(verdict.Rows)}</td>",
        Number(VerdictText.Left(verdict)), Text(string.Join(", ", verdict.Rows.Select(row => row.Limit).Distinct())));

    private static string Strip(IReadOnlyList<RowReport> rows) =>
        "<svg class=\"strip\" width=\"150\" height=\"16\" role=\"img\" aria-label=\""
        + $"{Encode(string.Join(", ", rows.Select(row => $"{row.Shape} {Units.Percent(row.OfLimit)}")))}\">"
        + "<line x1=\"3%\" x2=\"97%\" y1=\"8\" y2=\"8\"/>"
        + string.Concat(rows.Select(row =>
            $"<circle class=\"mark\" cx=\"{PercentOf(0.03 + 0.94 * Math.Min(row.OfLimit, 1))}\" cy=\"8\" r=\"4\">"
            + $"<title>{Encode(Tip(row))}</title></circle>"))
        + "</svg>";

    private static string Tip(RowReport row) =>
        $"{row.Shape}: {Units.Time(row.MedianNs)}, {Units.Percent(row.OfLimit)} of the limit ({row.Limit})";
}
