using static Backprop.Benchmarks.Reports.HtmlText;

namespace Backprop.Benchmarks.Reports.Plots;

/// <summary>
/// GFLOP/s against operations per byte: what a row reaches under the ceilings of this machine, the FMA peak of each width and the
/// bandwidth of each cache level. Rows of a report that does not count their operations have no place in it.
/// </summary>
internal static class RooflinePlot
{
    private const int Height = 400;

    /// <summary>Empty when there is nothing to show.</summary>
    public static string Render(IReadOnlyList<RowReport> rows, LimitsReport limits)
    {
        List<RowReport> shown = [.. rows.Where(row => row.Threads == 1 && row.Gflops > 0 && !row.IsStartup)];
        if (shown.Count == 0)
            return "";
        LogAxis x = LogAxis.Around(shown.Select(Intensity).Append(limits.FmaGflops / limits.ReadGBps.Values.Min()));
        Plot plot = new(x, LogAxis.Around(shown.Select(row => row.Gflops!.Value).Append(limits.FmaGflops)));
        foreach (double tick in plot.X.Ticks(10))
            plot.XTick(tick, Invariant($"{tick:0.###}"));
        foreach (double tick in plot.Y.Ticks(10))
            plot.YTick(tick, Invariant($"{tick:0.###}"));
        AppendRoofs(plot, limits);
        foreach (RowReport row in shown)
            plot.Mark(row.Level, Marker.Of(row.Kernel), (Intensity(row), row.Gflops!.Value), Tip(row));
        string drawing = plot.Render(
            "Roofline: GFLOP/s of each kernel, shape and level against its operations per byte, under the limits of this machine",
            Height, "floating-point operations per byte moved", "GFLOP/s");
        // auto is one of the widths once more
        return "<figure class=\"levels wide\">\n" + Legend.Render(shown.Select(row => row.Level).Distinct(), level => level != "auto")
            + drawing + Legend.Shapes(shown.Select(row => Marker.Of(row.Kernel)).Distinct()) + "</figure>\n";
    }

    private static double Intensity(RowReport row) => row.Flops / row.Bytes;

    private static void AppendRoofs(Plot plot, LimitsReport limits)
    {
        foreach ((string level, double bandwidth) in limits.ReadGBps)
        {
            double left = Math.Max(plot.X.Least, plot.Y.Least / bandwidth), ridge = limits.FmaGflops / bandwidth;
            plot.Line("roof", (left, left * bandwidth), (ridge, limits.FmaGflops));
            plot.Label("roof-label", (ridge, limits.FmaGflops), level, "middle", dy: -7);
        }
        double fastest = limits.ReadGBps.Values.Max();
        foreach ((string level, double peak) in limits.FmaGflopsByLevel)
        {
            plot.Line($"roof {level}", (Math.Max(plot.X.Least, peak / fastest), peak), (plot.X.Most, peak));
            plot.Label("roof-label", (plot.X.Most, peak), $"{level} {Units.Digits(peak)}", "start", dx: 5, dy: 4);
        }
    }

    private static string Tip(RowReport row) =>
        $"{row.Kernel} {row.Shape}\n"
        + $"{row.Level}: {Units.Digits(row.Gflops!.Value)} GFLOP/s at {Units.Digits(Intensity(row))} operations a byte\n"
        + $"{Units.Percent(row.OfLimit)} of the limit ({row.Limit})";
}
