using Backprop.Formats;
using ScottPlot;
using SkiaSharp;

namespace Backprop.Cli.Output;

/// <summary>What all pictures have in common: a horizontal axis of epochs, and a file, PNG or SVG by its extension.</summary>
internal static class PlotFile
{
    // In order of preference; ScottPlot's own choice for a missing font is the first of the system, which may be one with serifs.
    private static readonly string[] s_fonts = ["Open Sans", "Segoe UI", "Helvetica", "Arial", "Liberation Sans", "DejaVu Sans"];

    /// <summary>Throws unless the extension of <paramref name="path"/> is one this class can write.</summary>
    internal static void CheckExtension(string option, string path)
    {
        if (!IsPng(path) && !IsSvg(path))
            throw new InputException($"{option}: expected a file that ends in .png or .svg, got '{path}'");
    }

    /// <summary>Fits the axes to what was added: the last thing to do to a plot.</summary>
    internal static void LayOutEpochs(Plot plot, double lastEpoch, Alignment legend)
    {
        plot.XLabel("epoch");
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        plot.Axes.Bottom.MinorTickStyle.Length = 0;
        plot.Axes.Left.Label.Bold = plot.Axes.Bottom.Label.Bold = false;
        plot.Font.Set(s_fonts.FirstOrDefault(SKFontManager.Default.FontFamilies.Contains, Fonts.Default));
        plot.ShowLegend(legend);
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsX(0.5, lastEpoch + 0.5);
    }

    /// <summary>Writes the picture, complete or not at all.</summary>
    internal static void Write(string path, Multiplot figure, int width, int height)
    {
        byte[] image = IsSvg(path) ? RenderSvg(figure, width, height) : figure.Render(width, height).GetImageBytes(ImageFormat.Png);
        AtomicFile.Write(path, stream => stream.Write(image));
    }

    private static byte[] RenderSvg(Multiplot figure, int width, int height)
    {
        using MemoryStream stream = new();
        using (SKCanvas canvas = SKSvgCanvas.Create(new SKRect(0, 0, width, height), stream))
            figure.Render(canvas, new PixelRect(0, width, height, 0));
        return stream.ToArray();
    }

    private static bool IsPng(string path) => path.EndsWith(".png", StringComparison.OrdinalIgnoreCase);

    private static bool IsSvg(string path) => path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase);
}
