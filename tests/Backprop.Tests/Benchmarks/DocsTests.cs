using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Reports;
using Backprop.Benchmarks.Reports.Docs;
using Xunit;

namespace Backprop.Tests.Benchmarks;

/// <summary>The documents show the figures of the committed report, and no others.</summary>
public class DocsTests
{
    public static TheoryData<string> Documents => [.. DocsCommand.Documents];

    [Theory]
    [MemberData(nameof(Documents))]
    public void A_document_is_what_the_command_makes_of_the_committed_report(string document)
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, document));
        Report report = JsonReport.Read(Path.Combine(AppContext.BaseDirectory, DocsCommand.ReportFile));
        Report peers = JsonReport.Read(Path.Combine(AppContext.BaseDirectory, DocsCommand.PeersReportFile));
        Report threads = JsonReport.Read(Path.Combine(AppContext.BaseDirectory, DocsCommand.ThreadsReportFile));
        Report avx2 = JsonReport.Read(Path.Combine(AppContext.BaseDirectory, DocsCommand.Avx2ReportFile));
        Assert.Equal(MarkedRegions.Fill(document, text, DocumentParts.Of(report, peers, threads, avx2)), text);
    }

    // negative control: another report changes both documents
    [Theory]
    [MemberData(nameof(Documents))]
    public void Another_report_makes_another_document(string document)
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, document));
        Report other = PageReport.Create();
        Assert.NotEqual(MarkedRegions.Fill(document, text, DocumentParts.Of(other, other, other, other)), text);
    }

    [Fact]
    public void A_region_is_replaced_and_all_else_is_left()
    {
        const string text = "a\n<!-- report: one -->\n\nold\n\n<!-- end of report -->\nb\n"
            + "<!-- report: two -->\nkept\n<!-- end of report -->\n";
        string filled = MarkedRegions.Fill("a.md", text, new Dictionary<string, string?> { ["one"] = "new\n", ["two"] = null });
        Assert.Equal(text.Replace("old", "new", StringComparison.Ordinal), filled);
    }

    [Theory]
    [InlineData("no marks at all")]
    [InlineData("<!-- report: one -->\n")]
    [InlineData("<!-- end of report -->\n<!-- report: one -->\n")]
    [InlineData("<!-- report: one -->\n<!-- report: one -->\n<!-- end of report -->\n")]
    [InlineData("<!-- report: other -->\n<!-- end of report -->\n")]
    public void Marks_that_are_not_in_pairs_or_not_known_are_refused(string text)
    {
        InputException exception = Assert.Throws<InputException>(
            () => MarkedRegions.Fill("a.md", text, new Dictionary<string, string?> { ["one"] = "" }));
        Assert.StartsWith("a.md: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_another_program_does_faster_is_marked_and_listed()
    {
        Report report = SampleReport.Create(
            SampleReport.Row("auto", 200, null), SampleReport.Row("openblas", 100, null), SampleReport.Row("tensorprimitives", 300, null),
            SampleReport.Row("auto", 100, null) with { Shape = "2x2x2" }, SampleReport.Row("openblas", 150, null) with { Shape = "2x2x2" },
            SampleReport.Row("auto", 100, null) with { Shape = "3x3x3" },
            SampleReport.Row("tensorprimitives", 9, null) with { Shape = "3x3x3" });
        IReadOnlyDictionary<string, string?> parts = DocumentParts.Of(report, report, report, report);
        string[] peers = parts["peers"]!.Split('\n');
        Assert.Contains("| `gemm-nt` 128x512x784 | 1 | 200 ns | openblas 100 ns | **0.50 behind** | tensorprimitives 300 ns |", peers);
        Assert.Contains("| `gemm-nt` 2x2x2 | 1 | 100 ns | openblas 150 ns | 1.50 |  |", peers);
        Assert.DoesNotContain(peers, line => line.Contains("3x3x3", StringComparison.Ordinal));
        Assert.Equal(parts["peers"]!.Replace("On one core of", "On several cores of", StringComparison.Ordinal), parts["peers-threads"]);
        Assert.Equal(parts["peers"], parts["peers-avx2"]);
        Assert.Equal("- `gemm-nt` 128x512x784: 200 ns, openblas 100 ns, 0.50 of its speed", parts["behind"]);
    }

    [Fact]
    public void Without_other_programs_their_parts_are_left_as_they_are()
    {
        Report report = SampleReport.Create(SampleReport.Row("auto", 200, null));
        IReadOnlyDictionary<string, string?> parts = DocumentParts.Of(report, report, report, report);
        Assert.Null(parts["peers"]);
        Assert.Null(parts["peers-threads"]);
        Assert.Null(parts["peers-avx2"]);
        Assert.Null(parts["behind"]);
    }
}
