using System.Text.RegularExpressions;
using Xunit;

namespace Backprop.Tests.Documentation;

/// <summary>The README and docs are finished, and their links lead to files that exist.</summary>
public partial class DocumentTests
{
    private static readonly string s_root = AppContext.BaseDirectory;

    public static TheoryData<string> Documents =>
        [.. Directory.EnumerateFiles(Path.Combine(s_root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(s_root, path))
            .Prepend("README.md")
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_document_holds_no_placeholder(string document) =>
        Assert.DoesNotContain("@@", File.ReadAllText(Path.Combine(s_root, document)), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_relative_link_and_image_of_a_document_exists(string document)
    {
        string folder = Path.GetDirectoryName(Path.Combine(s_root, document))!;
        IEnumerable<string> targets = Targets(File.ReadAllText(Path.Combine(s_root, document)));
        string[] dead = [.. targets.Where(target => !Path.Exists(Path.Combine(folder, Uri.UnescapeDataString(target))))];
        Assert.Empty(dead);
    }

    // negative control: links that are not found cannot be dead
    [Fact]
    public void Links_and_images_are_found_in_text_and_not_in_code()
    {
        const string text = """
            [a](docs/a.md) and ![an image](images/b.png "title"), [in a part](c.md#part), [elsewhere](https://example.org/d.md), [here](#here)
            `[code](e.md)`
            ```csharp
            [Attribute](f.md)
            ```
            [g]: docs/g.md
            <img src="h.png">
            """;
        Assert.Equal(["docs/a.md", "images/b.png", "c.md", "docs/g.md", "h.png"], Targets(text));
    }

    /// <summary>The files that links and images of Markdown point to, without the part after #.</summary>
    private static IEnumerable<string> Targets(string markdown) =>
        Link().Matches(Code().Replace(markdown, ""))
            .Select(match => match.Groups["target"].Value)
            .Where(target => !Elsewhere().IsMatch(target))
            .Select(target => target.Split('#')[0])
            .Where(target => target.Length > 0);

    [GeneratedRegex(@"^```.*?^```[^\S\n]*$|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)[^)]*\)|^\[[^\]]+\]:\s*(?<target>\S+)|\b(?:src|href)=""(?<target>[^""]+)""", RegexOptions.Multiline)]
    private static partial Regex Link();

    [GeneratedRegex("^[a-z][a-z0-9+.-]*:", RegexOptions.IgnoreCase)]
    private static partial Regex Elsewhere();
}
