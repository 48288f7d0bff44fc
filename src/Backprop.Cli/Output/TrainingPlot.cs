using Backprop.Training;
using ScottPlot;

namespace Backprop.Cli.Output;

/// <summary>What a plot of a training run says beside the curves.</summary>
internal sealed record PlotCaption(string Title, int BestEpoch, double? TestAccuracyAtBest);

/// <summary>Draws cost and accuracy by epoch, one above the other, with the best validation epoch marked.</summary>
internal static class TrainingPlot
{
    private const int Width = 900;
    private const int Height = 800;

    // The same for both plots, so that an epoch of the upper one stands above the same epoch of the lower one.
    private const int LeftMargin = 75;

    /// <summary>Writes the plot, complete or not at all, as PNG or SVG by the extension of <paramref name="path"/>.</summary>
    internal static void Write(string path, IReadOnlyList<EpochReport> epochs, PlotCaption caption)
    {
        Multiplot figure = new();
        figure.AddPlots(2);
        DrawCost(figure.GetPlot(0), epochs, caption);
        DrawAccuracy(figure.GetPlot(1), epochs, caption);
        PlotFile.Write(path, figure, Width, Height);
    }

    private static void DrawCost(Plot plot, IReadOnlyList<EpochReport> epochs, PlotCaption caption)
    {
        plot.Title(caption.Title);
        plot.YLabel("cost (mean cross-entropy, nats)");
        AddCurve(plot, epochs, "training, mean during the epoch", Colors.C0, report => report.TrainCost);
        AddCurve(plot, epochs, "validation, after the epoch", Colors.C1, report => report.ValidationCost);
        Finish(plot, epochs, caption, Alignment.UpperRight);
        plot.Axes.SetLimitsY(0, 1.08 * epochs.Max(report => Math.Max(report.TrainCost, report.ValidationCost ?? 0)));
    }

    private static void DrawAccuracy(Plot plot, IReadOnlyList<EpochReport> epochs, PlotCaption caption)
    {
        plot.YLabel("accuracy (%)");
        AddCurve(plot, epochs, "training, during the epoch", Colors.C0, report => 100 * report.TrainAccuracy);
        AddCurve(plot, epochs, "validation, after the epoch", Colors.C1, report => 100 * report.ValidationAccuracy);
        if (caption.TestAccuracyAtBest is { } test)
        {
            ScottPlot.Plottables.Scatter point = plot.Add.ScatterPoints(new double[] { caption.BestEpoch }, [100 * test], Colors.C2);
            point.MarkerSize = 9;
            point.LegendText = $"test at the best epoch: {Format.Percent(test)}";
        }

        Finish(plot, epochs, caption, Alignment.LowerRight);
    }

    private static void AddCurve(Plot plot, IReadOnlyList<EpochReport> epochs, string name, Color color, Func<EpochReport, double?> value)
    {
        double[] x = [.. epochs.Where(report => value(report) is not null).Select(report => (double)report.Epoch)];
        double[] y = [.. epochs.Select(value).OfType<double>()];
        if (x.Length == 0)
            return;

        ScottPlot.Plottables.Scatter curve = plot.Add.Scatter(x, y, color);
        curve.LegendText = name;
        curve.LineWidth = 2;
        curve.MarkerSize = epochs.Count <= 60 ? 5 : 0;
    }

    private static void Finish(Plot plot, IReadOnlyList<EpochReport> epochs, PlotCaption caption, Alignment legend)
    {
        if (caption.BestEpoch > 0)
        {
            ScottPlot.Plottables.VerticalLine line = plot.Add.VerticalLine(caption.BestEpoch, 1.5f, Colors.DimGray, LinePattern.Dotted);
            line.LegendText = $"best validation epoch: {caption.BestEpoch}";
        }

        plot.Axes.Left.MinimumSize = plot.Axes.Left.MaximumSize = LeftMargin;
        PlotFile.LayOutEpochs(plot, epochs.Count, legend);
    }
}
