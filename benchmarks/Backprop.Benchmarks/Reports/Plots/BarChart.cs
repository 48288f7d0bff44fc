using System.Text;
using static Backprop.Benchmarks.Reports.HtmlText;

namespace Backprop.Benchmarks.Reports.Plots;

/// <summary>A horizontal bar.</summary>
/// <param name="Label">Before it.</param>
/// <param name="Css">The class that colours it.</param>
/// <param name="Value">Its length.</param>
internal sealed record Bar(string Label, string Css, double Value);

/// <summary>Groups of horizontal bars as SVG that fits the width it is given, with a dotted line at a value of reference.</summary>
internal static class BarChart
{
    private const int TitleHeight = 24, RowHeight = 19, BarHeight = 13, GroupGap = 10, LabelWidth = 104;

    // room for the figure behind the longest bar
    private const int BarPercent = 58;

    public static string Render(string label, IReadOnlyList<(string Title, IReadOnlyList<Bar> Bars)> groups, double reference)
    {
        double largest = Math.Max(reference, groups.SelectMany(group => group.Bars).Max(bar => bar.Value));
        StringBuilder svg = new();
        int y = 0;
        foreach ((string title, IReadOnlyList<Bar> bars) in groups)
        {
            svg.Append(Invariant($"<text class=\"shape\" x=\"0\" y=\"{y + 16}\">{Encode(title)}</text>\n"));
            y += TitleHeight;
            AppendGroup(svg, bars, y, largest, reference);
            y += bars.Count * RowHeight + GroupGap;
        }
        return $"""
            <svg class="chart" width="100%" height="{y}" role="img" aria-label="{Encode(label)}">
            {svg}</svg>

            """;
    }

    private static void AppendGroup(StringBuilder svg, IReadOnlyList<Bar> bars, int y, double largest, double reference)
    {
        for (int i = 0; i < bars.Count; i++)
            svg.Append(Invariant($"<text x=\"0\" y=\"{y + i * RowHeight + 11}\">{Encode(bars[i].Label)}</text>\n"));
        int height = bars.Count * RowHeight;
        svg.Append(Invariant($"<svg x=\"{LabelWidth}\" y=\"{y}\" width=\"{BarPercent}%\" height=\"{height}\" overflow=\"visible\">\n"));
        for (int i = 0; i < bars.Count; i++)
        {
            double percent = bars[i].Value / largest * 100;
            int top = i * RowHeight;
            string css = Encode(bars[i].Css);
            svg.Append(Invariant($"<rect class=\"{css}\" y=\"{top}\" width=\"{percent:F2}%\" height=\"{BarHeight}\" rx=\"2\"/>"));
            svg.Append(Invariant($"<text x=\"{percent:F2}%\" dx=\"6\" y=\"{top + 11}\">{Units.Factor(bars[i].Value)}</text>\n"));
        }
        double at = reference / largest * 100;
        svg.Append(Invariant($"<line class=\"one\" x1=\"{at:F2}%\" x2=\"{at:F2}%\" y1=\"-3\" y2=\"{height - 3}\"/>\n</svg>\n"));
    }
}
