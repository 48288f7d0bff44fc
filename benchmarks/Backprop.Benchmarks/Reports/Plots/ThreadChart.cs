using static Backprop.Benchmarks.Reports.HtmlText;

namespace Backprop.Benchmarks.Reports.Plots;

/// <summary>Bars of the speed-up over one thread, a group a shape, at the level the library picks.</summary>
internal static class ThreadChart
{
    private const string Level = "auto";

    /// <summary>One figure a kernel that was measured on one thread and on more; empty when there is none.</summary>
    public static string Render(IReadOnlyList<RowReport> rows) => string.Concat(
        rows.Where(row => row.Level == Level).GroupBy(row => row.Kernel).Select(kernel => Render(kernel.Key, [.. kernel])));

    private static string Render(string kernel, IReadOnlyList<RowReport> rows)
    {
        List<IGrouping<string, RowReport>> shapes =
            [.. rows.GroupBy(row => row.Shape).Where(shape => shape.Any(row => row.Threads == 1) && shape.Any(row => row.Threads > 1))];
        if (shapes.Count == 0)
            return "";
        string chart = BarChart.Render(
            $"{kernel}: speed-up over one thread", [.. shapes.Select(shape => (shape.Key, Bars([.. shape])))],
            rows.Max(row => row.Threads));
        return Figure(kernel, chart);
    }

    private static IReadOnlyList<Bar> Bars(IReadOnlyList<RowReport> shape)
    {
        double one = shape.First(row => row.Threads == 1).MedianNs;
        return [.. shape.OrderBy(row => row.Threads)
            .Select(row => new Bar(row.Threads == 1 ? "1 thread" : $"{row.Threads} threads", Level, one / row.MedianNs))];
    }
}
