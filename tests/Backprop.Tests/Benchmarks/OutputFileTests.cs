using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Reports;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public sealed class OutputFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Trying_a_path_leaves_what_is_there()
    {
        string path = Path.Combine(_folder.Path, "report.json");
        Create(path, "new").RequireWritable();
        Assert.Empty(Directory.GetFiles(_folder.Path));
        File.WriteAllText(path, "old");
        Create(path, "new").RequireWritable();
        Assert.Equal("old", File.ReadAllText(path));
    }

    [Fact]
    public void A_report_replaces_the_one_before_and_leaves_nothing_beside_it()
    {
        string path = Path.Combine(_folder.Path, "report.json");
        File.WriteAllText(path, "something much longer than the new text");
        Create(path, "new").Write(SampleReport.Create());
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_report_that_cannot_be_rendered_leaves_the_one_before()
    {
        string path = Path.Combine(_folder.Path, "report.json");
        File.WriteAllText(path, "old");
        Assert.Throws<InvalidOperationException>(
            () => new OutputFile("--json", path, _ => throw new InvalidOperationException()).Write(SampleReport.Create()));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Paths_that_cannot_be_written_are_refused_with_the_option_and_the_path()
    {
        string file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");
        string missing = Path.Combine(_folder.Path, "none", "report.json"), inFile = Path.Combine(file, "report.json");
        foreach (string path in new[] { _folder.Path, missing, inFile, "", " " })
        {
            InputException exception = Assert.Throws<InputException>(() => Create(path, "").RequireWritable());
            Assert.StartsWith("--json", exception.Message, StringComparison.Ordinal);
            Assert.Contains(path.Trim(), exception.Message, StringComparison.Ordinal);
        }
    }

    private static OutputFile Create(string path, string text) => new("--json", path, _ => text);
}
