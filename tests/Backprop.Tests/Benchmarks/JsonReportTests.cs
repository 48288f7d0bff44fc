using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Reports;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public sealed class JsonReportTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_report_that_was_written_is_read_back_as_it_was()
    {
        Report report = PageReport.Create();
        RowReport row = report.Rows[0] with { OtherBuild = new(1.2, 1.1, 1.3, 500), CompiledMethods = 427, JitMs = 196.5 };
        string json = JsonReport.Render(report with { Rows = [.. report.Rows, row] });
        Assert.Equal(json, JsonReport.Render(JsonReport.Read(Write(json))));
    }

    [Theory]
    [InlineData("", "is no report")]
    [InlineData("[]", "schemaVersion")]
    [InlineData("{}", "schemaVersion")]
    [InlineData("{\"schemaVersion\": 0}", "schemaVersion")]
    [InlineData("{\"schemaVersion\": 1}", "is no report")]
    public void What_is_no_report_is_refused_in_one_line(string json, string part)
    {
        string path = Write(json);
        InputException exception = Assert.Throws<InputException>(() => JsonReport.Read(path));
        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused() =>
        Assert.Throws<InputException>(() => JsonReport.Read(Path.Combine(_folder.Path, "none.json")));

    private string Write(string json)
    {
        string path = Path.Combine(_folder.Path, "report.json");
        File.WriteAllText(path, json);
        return path;
    }
}
