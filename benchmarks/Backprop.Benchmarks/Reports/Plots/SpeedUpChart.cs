namespace Backprop.Benchmarks.Reports.Plots;

/// <summary>Bars of the speed-up over the scalar level, a group a shape; of many shapes all but a few are folded away.</summary>
internal static class SpeedUpChart
{
    private const int Shown = 3;

    /// <summary>Empty without the scalar level.</summary>
    public static string Render(string kernel, IReadOnlyList<RowReport> rows)
    {
        List<(string Title, IReadOnlyList<Bar> Bars)> shapes =
        [
            .. rows.Where(row => row.OverScalar is not null).GroupBy(row => (row.Shape, row.Threads))
                .Select(shape => (Title(shape.Key), Bars(shape))),
        ];
        if (shapes.Count == 0)
            return "";
        string label = $"{kernel}: speed-up over the scalar level";
        if (shapes.Count <= Shown + 1)
            return BarChart.Render(label, shapes, 1);
        // evenly up to the last: the first, often the smallest, tells more about the call than about the width
        List<int> chosen = [.. Enumerable.Range(1, Shown).Select(i => i * (shapes.Count - 1) / Shown)];
        return BarChart.Render(label, [.. chosen.Select(i => shapes[i])], 1)
            + $"<details><summary>{shapes.Count - Shown} more shapes</summary>\n"
            + BarChart.Render(label, [.. shapes.Where((_, i) => !chosen.Contains(i))], 1) + "</details>\n";
    }

    private static string Title((string Shape, int Threads) key) => key.Threads == 1 ? key.Shape : $"{key.Shape}, {key.Threads} threads";

    private static IReadOnlyList<Bar> Bars(IEnumerable<RowReport> rows) =>
        [.. rows.Select(row => new Bar(row.Level, row.Level, row.OverScalar!.Value))];
}
