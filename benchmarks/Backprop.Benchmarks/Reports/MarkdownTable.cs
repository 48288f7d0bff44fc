using System.Text;

namespace Backprop.Benchmarks.Reports;

/// <summary>A table in Markdown.</summary>
internal static class MarkdownTable
{
    public static string Render(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        StringBuilder text = new($"| {string.Join(" | ", headers)} |\n|{string.Concat(headers.Select(_ => "---|"))}\n");
        foreach (IReadOnlyList<string> row in rows)
            text.Append($"| {string.Join(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");
        return text.ToString();
    }
}
