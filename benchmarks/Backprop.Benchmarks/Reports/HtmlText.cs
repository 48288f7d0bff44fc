using System.Globalization;
using System.Net;

namespace Backprop.Benchmarks.Reports;

/// <summary>Pieces of HTML and SVG: everything a report brings in is encoded, numbers look the same in every culture.</summary>
internal static class HtmlText
{
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    public static string Row(params IEnumerable<string> cells) => $"<tr>{string.Concat(cells)}</tr>\n";

    public static string Text(string text) => $"<td>{Encode(text)}</td>";

    public static string Number(string text) => $"<td class=\"number\">{Encode(text)}</td>";

    /// <summary>A cell whose column is ordered by <paramref name="value"/>; null goes last.</summary>
    public static string Number(string text, double? value) => $"<td class=\"number\"{SortKey(value)}>{Encode(text)}</td>";

    public static string Meter(double fraction, string boundBy) =>
        $"<td class=\"meter\"{SortKey(fraction)}>"
        + $"<span class=\"track\"><span class=\"fill\" style=\"width:{PercentOf(fraction)}\"></span></span>"
        + $"<span class=\"percent\">{Units.Percent(fraction)}</span> <small>{Encode(boundBy)}</small></td>";

    /// <summary>A drawing under the name of its kernel.</summary>
    public static string Figure(string kernel, string drawing, string css = "") =>
        $"<figure class=\"{css}\"><figcaption>{Encode(kernel)} <small>{Encode(KernelText.Describe(kernel))}</small></figcaption>\n"
        + $"{drawing}</figure>\n";

    /// <summary>A length in percent, from 0 to 100.</summary>
    public static string PercentOf(double fraction) => Invariant($"{Math.Clamp(fraction, 0, 1) * 100:F2}%");

    public static string Pairs(IEnumerable<(string Name, string Text)> lines) =>
        string.Concat(lines.Select(line => $"<dt>{Encode(line.Name)}</dt><dd>{Encode(line.Text)}</dd>\n"));

    /// <summary>The attribute that a column is ordered by where its text would not do; nothing for null.</summary>
    public static string SortKey(double? value) => value is double number ? Invariant($" data-key=\"{number:R}\"") : "";
}
