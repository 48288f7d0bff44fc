using System.Text;
using static Backprop.Benchmarks.Reports.HtmlText;

namespace Backprop.Benchmarks.Reports.Plots;

/// <summary>
/// A log-log plot as SVG. Places are in percent of whatever width the page gives, so that text keeps its size from a phone to paper, and
/// colours are the page's classes, so that one drawing serves light, dark and print. Labels of the axes hang over the edges: the element
/// around needs padding.
/// </summary>
internal sealed class Plot(LogAxis x, LogAxis y)
{
    private readonly StringBuilder _svg = new();

    public LogAxis X => x;

    public LogAxis Y => y;

    public void XTick(double value, string label, string css = "") => _svg.Append(
        $"<line class=\"grid {css}\" x1=\"{AtX(value)}\" x2=\"{AtX(value)}\" y1=\"0\" y2=\"100%\"/>"
        + $"<text class=\"tick\" x=\"{AtX(value)}\" y=\"100%\" dy=\"17\" text-anchor=\"middle\">{Encode(label)}</text>\n");

    public void YTick(double value, string label) => _svg.Append(
        $"<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{AtY(value)}\" y2=\"{AtY(value)}\"/>"
        + $"<text class=\"tick\" x=\"0\" y=\"{AtY(value)}\" dx=\"-7\" dy=\"4\" text-anchor=\"end\">{Encode(label)}</text>\n");

    /// <summary>A vertical line over the whole height with its name above the plot.</summary>
    public void Marker(double value, string label) => _svg.Append(
        $"<line class=\"marker\" x1=\"{AtX(value)}\" x2=\"{AtX(value)}\" y1=\"0\" y2=\"100%\"/>"
        + $"<text class=\"tick\" x=\"{AtX(value)}\" y=\"0\" dy=\"-5\" text-anchor=\"middle\">{Encode(label)}</text>\n");

    public void Line(string css, (double X, double Y) from, (double X, double Y) to) => _svg.Append(
        $"<line class=\"{css}\" x1=\"{AtX(from.X)}\" y1=\"{AtY(from.Y)}\" x2=\"{AtX(to.X)}\" y2=\"{AtY(to.Y)}\"/>\n");

    public void Lines(string css, IReadOnlyList<(double X, double Y)> points)
    {
        for (int i = 1; i < points.Count; i++)
            Line(css, points[i - 1], points[i]);
    }

    /// <summary>A label that stands off its point by some pixels.</summary>
    public void Label(string css, (double X, double Y) at, string text, string anchor, int dx = 0, int dy = 0) => _svg.Append(
        $"<text class=\"{css}\" x=\"{AtX(at.X)}\" y=\"{AtY(at.Y)}\" dx=\"{dx}\" dy=\"{dy}\" text-anchor=\"{anchor}\">"
        + $"{Encode(text)}</text>\n");

    /// <summary>A mark with a text that appears when it is pointed at.</summary>
    public void Mark(string css, Marker shape, (double X, double Y) at, string tip) => _svg.Append(
        $"<svg class=\"mark {css}\" x=\"{AtX(at.X)}\" y=\"{AtY(at.Y)}\" overflow=\"visible\">"
        + $"{shape.Svg}<title>{Encode(tip)}</title></svg>\n");

    /// <param name="label">What the plot shows, for who cannot see it.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="xTitle">Below the horizontal axis.</param>
    /// <param name="yTitle">Above the vertical axis.</param>
    public string Render(string label, int height, string xTitle, string yTitle) => $"""
        <div class="plot">
        <p class="axis">{Encode(yTitle)}</p>
        <svg width="100%" height="{height}" overflow="visible" role="img" aria-label="{Encode(label)}">
        <rect class="frame" width="100%" height="100%"/>
        {_svg}</svg>
        <p class="axis below">{Encode(xTitle)}</p>
        </div>

        """;

    private string AtX(double value) => Invariant($"{x.Fraction(value) * 100:F2}%");

    private string AtY(double value) => Invariant($"{(1 - y.Fraction(value)) * 100:F2}%");
}
