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

    private static readonly (string Name, string Css)[] s_startupColumns = [("methods compiled", "number"), ("JIT", "number")];

    public static string Render(IReadOnlyList<RowReport> rows) => Render(rows, rows.Any(row => row.IsStartup));

    private static string Render(IReadOnlyList<RowReport> rows, bool startup) => $"""
        <div class="scroll" tabindex="0" role="region" aria-label="All figures"><table id="rows">
        <thead><tr>
        {string.Concat(Columns(startup).Select(column => $"<th scope=\"col\" class=\"{column.Css}\">{Encode(column.Name)}</th>\n"))}</tr></thead>
        <tbody>
        {string.Concat(rows.Select(row => Row([.. Cells(row), .. startup ? StartupCells(row) : []])))}</tbody></table></div>
        """;

    private static (string Name, string Css)[] Columns(bool startup) => startup ? [.. s_columns, .. s_startupColumns] : s_columns;

    private static string[] StartupCells(RowReport row) =>
        [Number(Units.Methods(row), row.CompiledMethods), Number(Units.Jit(row), row.JitMs)];

    private static string[] Cells(RowReport row) =>
    [
        Text(row.Kernel), $"<td{SortKey(row.WorkingSet)}>{Encode(row.Shape)}</td>", Level(row), Number($"{row.Threads}", row.Threads),
        Number(Units.Time(row.MedianNs), row.MedianNs), Number(Units.Spread(row), row.Spread),
        Number(Units.Rate(row), Units.RateValue(row)), Number(Units.Factor(row.OverScalar), row.OverScalar), Meter(row.OfLimit, row.Limit), Text(row.Home),
        Number(Units.Bytes(row.AllocatedBytes), row.AllocatedBytes),
    ];

    // drawn by the style sheet, so that the filter finds a level's own rows alone
    private static string Level(RowReport row) =>
        $"<td{(row.EqualTo is null ? "" : $" data-equal=\"{Encode(row.EqualTo)}\"")}>{Encode(row.Level)}</td>";
}
