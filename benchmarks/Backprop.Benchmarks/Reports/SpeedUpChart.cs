using System.Globalization;
using System.Net;
using System.Text;

namespace Backprop.Benchmarks.Reports;

/// <summary>Bars of the speed-up over the scalar level, a group a shape, as SVG that fits the width it is given.</summary>
internal static class SpeedUpChart
{
    private const int TitleHeight = 24, RowHeight = 19, BarHeight = 13, GroupGap = 10, LabelWidth = 104;

    // room for the figure behind the longest bar
    private const int BarPercent = 58;

    public static string Render(string kernel, IEnumerable<RowReport> rows)
    {
        List<IGrouping<string, RowReport>> shapes = [.. rows.Where(row => row.OverScalar is not null).GroupBy(row => row.Shape)];
        if (shapes.Count == 0)
            return "";
        double largest = shapes.SelectMany(shape => shape).Max(row => row.OverScalar!.Value);
        StringBuilder svg = new();
        int y = 0;
        foreach (IGrouping<string, RowReport> shape in shapes)
        {
            svg.Append(Invariant($"<text class=\"shape\" x=\"0\" y=\"{y + 16}\">{Encode(shape.Key)}</text>\n"));
            y += TitleHeight;
            AppendGroup(svg, [.. shape], y, largest);
            y += shape.Count() * RowHeight + GroupGap;
        }
        return $"""
            <svg class="chart" width="100%" height="{y}" role="img" aria-label="{Encode(kernel)}: speed-up over the scalar level">
            {svg}</svg>

            """;
    }

    private static void AppendGroup(StringBuilder svg, IReadOnlyList<RowReport> rows, int y, double largest)
    {
        for (int i = 0; i < rows.Count; i++)
            svg.Append(Invariant($"<text x=\"0\" y=\"{y + i * RowHeight + 11}\">{Encode(rows[i].Level)}</text>\n"));
        int height = rows.Count * RowHeight;
        svg.Append(Invariant($"<svg x=\"{LabelWidth}\" y=\"{y}\" width=\"{BarPercent}%\" height=\"{height}\" overflow=\"visible\">\n"));
        for (int i = 0; i < rows.Count; i++)
        {
            double percent = rows[i].OverScalar!.Value / largest * 100;
            int top = i * RowHeight;
            string level = Encode(rows[i].Level);
            svg.Append(Invariant($"<rect class=\"{level}\" y=\"{top}\" width=\"{percent:F2}%\" height=\"{BarHeight}\" rx=\"2\"/>"));
            svg.Append(Invariant($"<text x=\"{percent:F2}%\" dx=\"6\" y=\"{top + 11}\">{Units.Factor(rows[i].OverScalar)}</text>\n"));
        }
        double one = 100 / largest;
        svg.Append(Invariant($"<line class=\"one\" x1=\"{one:F2}%\" x2=\"{one:F2}%\" y1=\"-3\" y2=\"{height - 3}\"/>\n</svg>\n"));
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
