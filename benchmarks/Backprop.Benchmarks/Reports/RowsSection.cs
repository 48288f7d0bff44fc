using static Backprop.Benchmarks.Reports.HtmlText;

namespace Backprop.Benchmarks.Reports;

/// <summary>The table of all rows; the page's script makes it sortable and filterable.</summary>
internal static class RowsSection
{
    private static readonly (string Name, string Css)[] s_columns =
    [
        ("kernel", ""), ("shape", ""), ("level", ""), ("threads", "number"), ("time", "number"), ("spread", "number"), ("rate", "number"),
        ("× scalar", "number"), ("of the limit", ""), ("data in", ""), ("allocated", "number"),
    ];

    public static string Render(IReadOnlyList<RowReport> rows) => $"""
        <div class="scroll" tabindex="0" role="region" aria-label="All figures"><table id="rows">
        <thead><tr>
        {string.Concat(s_columns.Select(column => $"<th scope=\"col\" class=\"{column.Css}\">{Encode(column.Name)}</th>\n"))}</tr></thead>
        <tbody>
        {string.Concat(rows.Select(Line))}</tbody></table></div>
        """;

    private static string Line(RowReport row) => Row(
        Text(row.Kernel), $"<td{SortKey(row.WorkingSet)}>{Encode(row.Shape)}</td>", Level(row), Number($"{row.Threads}", row.Threads),
        Number(Units.Time(row.MedianNs), row.MedianNs), Number(Units.Spread(row), row.Spread),
        Number(Units.Rate(row), Units.RateValue(row)), Number(Units.Factor(row.OverScalar), row.OverScalar), Meter(row.OfLimit, row.Limit), Text(row.Home),
        Number(Units.Bytes(row.AllocatedBytes), row.AllocatedBytes));

    // drawn by the style sheet, so that the filter finds a level's own rows alone
    private static string Level(RowReport row) =>
        $"<td{(row.EqualTo is null ? "" : $" data-equal=\"{Encode(row.EqualTo)}\"")}>{Encode(row.Level)}</td>";
}
