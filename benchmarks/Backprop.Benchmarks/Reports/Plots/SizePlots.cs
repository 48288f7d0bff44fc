using static Backprop.Benchmarks.Reports.HtmlText;

namespace Backprop.Benchmarks.Reports.Plots;

/// <summary>Throughput against the size of the operands, one plot a kernel, with the sizes of the caches marked.</summary>
internal static class SizePlots
{
    private const int Height = 240;

    // fewer points than that tell nothing about how speed depends on size
    private const int FewestSizes = 4;

    // between ticks: 256 B, 4 KiB, 64 KiB, …
    private const double TickStep = 16;

    /// <summary>Empty when no kernel was measured at enough sizes.</summary>
    public static string Render(IReadOnlyList<RowReport> rows, CachesReport caches)
    {
        List<IGrouping<string, RowReport>> kernels =
        [
            .. rows.Where(row => row.Threads == 1 && IsSweep(row.Shape)).GroupBy(row => row.Kernel)
                .Where(kernel => kernel.DistinctBy(row => row.Shape).Count() >= FewestSizes),
        ];
        if (kernels.Count == 0)
            return "";
        // auto is one of the widths once more
        string legend = Legend.Render(kernels.SelectMany(kernel => kernel).Select(row => row.Level).Distinct(), level => level != "auto");
        return legend + string.Concat(kernels.Select(kernel => Render(kernel.Key, [.. kernel.OrderBy(row => row.WorkingSet)], caches)));
    }

    // shapes of one proportion: a length, or all sides equal. Others differ in more than their size
    private static bool IsSweep(string shape) =>
        shape.All(c => char.IsAsciiDigit(c) || c == 'x') && shape.Split('x').Distinct().Count() == 1;

    private static string Render(string kernel, IReadOnlyList<RowReport> rows, CachesReport caches)
    {
        Plot plot = new(
            LogAxis.Around(rows.Select(row => row.WorkingSet)), LogAxis.Around(rows.Select(Units.RateValue).Concat(rows.Select(Limit))));
        foreach (double tick in plot.X.Ticks(TickStep))
            plot.XTick(tick, Units.ShortBytes(tick));
        foreach (double tick in plot.Y.Ticks(10))
            plot.YTick(tick, Invariant($"{tick:0.###}"));
        foreach ((string name, long size) in new[] { ("L1", caches.L1), ("L2", caches.L2), ("L3", caches.L3) })
        {
            if (size >= plot.X.Least && size <= plot.X.Most)
                plot.Marker(size, name);
        }
        plot.Lines("roof", [.. rows.DistinctBy(row => row.Shape).Select(row => (row.WorkingSet, Limit(row)))]);
        foreach (IGrouping<string, RowReport> level in rows.GroupBy(row => row.Level))
        {
            plot.Lines($"series {level.Key}", [.. level.Select(row => (row.WorkingSet, Units.RateValue(row)))]);
            foreach (RowReport row in level)
                plot.Mark(level.Key, Marker.Circle(""), (row.WorkingSet, Units.RateValue(row)), Tip(row));
        }
        string drawing = plot.Render(
            $"{kernel}: throughput of each level against the bytes it works on", Height, "bytes of operands", Units.RateUnit(rows[0]));
        return Figure(kernel, drawing, "size");
    }

    // the same for every level of a shape
    private static double Limit(RowReport row) => Units.RateValue(row) / row.OfLimit;

    private static string Tip(RowReport row) =>
        $"{row.Kernel} {row.Shape}, {Units.Bytes(row.WorkingSet)}\n"
        + $"{row.Level}: {Units.Rate(row)}, {Units.Percent(row.OfLimit)} of the limit";
}
