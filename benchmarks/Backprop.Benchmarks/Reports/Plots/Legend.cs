using static Backprop.Benchmarks.Reports.HtmlText;

namespace Backprop.Benchmarks.Reports.Plots;

/// <summary>A box a level that shows and hides its marks; the page's style sheet does it, without a script.</summary>
internal static class Legend
{
    public static string Render(IEnumerable<string> levels, Func<string, bool> isShown) =>
        "<fieldset class=\"legend\"><legend>levels shown</legend>"
        + string.Concat(levels.Select(level =>
            $"<label><input type=\"checkbox\" value=\"{Encode(level)}\"{(isShown(level) ? " checked=\"\"" : "")}/>"
            + $"<span class=\"swatch {Encode(level)}\"></span>{Encode(level)}</label>"))
        + "</fieldset>\n";

    public static string Shapes(IEnumerable<Marker> markers) =>
        "<p class=\"shapes\">" + string.Concat(markers.Select(marker =>
            $"<span><svg width=\"14\" height=\"14\" viewBox=\"-7 -7 14 14\" aria-hidden=\"true\">{marker.Svg}</svg>"
            + $"{Encode(marker.Name)}</span>"))
        + "</p>\n";
}
