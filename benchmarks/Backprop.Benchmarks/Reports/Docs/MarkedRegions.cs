using System.Text.RegularExpressions;
using Backprop.Benchmarks.Compare;

namespace Backprop.Benchmarks.Reports.Docs;

/// <summary>
/// The parts of a document that a program writes, each between <c>&lt;!-- report: NAME --&gt;</c> and <c>&lt;!-- end of report --&gt;</c>.
/// </summary>
internal static partial class MarkedRegions
{
    /// <summary>
    /// The document with its regions filled. A region whose content is null stays as it is; a name without content and a mark without its
    /// partner are an <see cref="InputException"/>, as is a document without any region.
    /// </summary>
    public static string Fill(string document, string text, IReadOnlyDictionary<string, string?> contents)
    {
        int regions = Region().Count(text);
        if (regions == 0 || Begin().Count(text) != regions || End().Count(text) != regions)
        {
            throw new InputException(
                $"{document}: {Begin().Count(text)} marks <!-- report: NAME --> and {End().Count(text)} marks <!-- end of report -->,"
                + $" {regions} of them in pairs, expected as many of each and at least one");
        }
        return Region().Replace(text, match =>
        {
            string name = match.Groups["name"].Value;
            if (!contents.TryGetValue(name, out string? content))
                throw new InputException($"{document}: unknown region '{name}', expected {string.Join(", ", contents.Keys)}");
            return content is null ? match.Value : $"{match.Groups["begin"].Value}\n{content.TrimEnd()}\n\n{match.Groups["end"].Value}";
        });
    }

    // an empty line on both sides, without which Markdown takes a table for part of the comment
    [GeneratedRegex(
        @"(?<begin><!-- report: (?<name>[a-z0-9-]+) -->\n)(?:(?!<!-- report: ).)*?(?<end><!-- end of report -->)", RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex("<!-- report: ")]
    private static partial Regex Begin();

    [GeneratedRegex("<!-- end of report -->")]
    private static partial Regex End();
}
