using ScottPlot;

namespace Backprop.Cli.Output;

/// <summary>Draws the validation accuracies of several runs into one picture, beside published values.</summary>
internal static class ComparisonPlot
{
    private const int Width = 900;
    private const int Height = 500;
    private const int MostMarkers = 60;

    // one after the other, so that the legend tells the points apart
    private static readonly MarkerShape[] s_points = [MarkerShape.Cross, MarkerShape.Eks, MarkerShape.OpenDiamond, MarkerShape.OpenSquare];

    internal static void Write(string path, string? title, IReadOnlyList<MetricsCurve> curves, IReadOnlyList<PublishedValue> published)
    {
        Multiplot figure = new();
        figure.AddPlots(1);
        Plot plot = figure.GetPlot(0);
        if (title is not null)
            plot.Title(title);
        plot.YLabel("validation accuracy (%)");
        foreach (MetricsCurve curve in curves)
            Add(plot, curve);
        for (int i = 0; i < published.Count; i++)
            Add(plot, published[i], s_points[i % s_points.Length]);
        PlotFile.LayOutEpochs(plot, curves.Max(curve => curve.Epochs[^1]), Alignment.LowerRight);
        PlotFile.Write(path, figure, Width, Height);
    }

    private static void Add(Plot plot, MetricsCurve curve)
    {
        ScottPlot.Plottables.Scatter line = plot.Add.Scatter(curve.Epochs, curve.Percent);
        line.LegendText = curve.Name;
        line.LineWidth = 2;
        line.MarkerSize = curve.Epochs.Length <= MostMarkers ? 5 : 0;
    }

    private static void Add(Plot plot, PublishedValue value, MarkerShape shape)
    {
        string text = $"published: {value.Label}";
        if (value.Epoch is { } epoch)
        {
            ScottPlot.Plottables.Marker point = plot.Add.Marker(epoch, value.Percent, shape, 14, Colors.Black);
            point.MarkerLineWidth = 2;
            point.LegendText = text;
        }
        else
        {
            ScottPlot.Plottables.HorizontalLine line = plot.Add.HorizontalLine(value.Percent, 1.5f, Colors.Black, LinePattern.Dashed);
            line.LegendText = text;
        }
    }
}
