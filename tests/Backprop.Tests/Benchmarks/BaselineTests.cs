using System.Text.Json.Nodes;
using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Machine;
using Backprop.Benchmarks.Reports;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public sealed class BaselineTests : IDisposable
{
    private const string Cpu = "A <fast> & \"new\" CPU";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    // 2 % is the least noise
    [InlineData(1000, 1015, 0, 0)]
    [InlineData(1000, 985, 0, 0)]
    // spreads of 3 % each
    [InlineData(1000, 1055, 0.03, 0)]
    [InlineData(1000, 1065, 0.03, 1)]
    [InlineData(1000, 500, 0.03, 1)]
    public void What_differs_by_less_than_the_noise_of_both_has_not_changed(double before, double now, double spread, int changed)
    {
        BaselineVerdict verdict = Judge(SampleReport.Row("v256", before, 1, spread), SampleReport.Row("v256", now, 1, spread), 0.1);
        Assert.Equal(changed, verdict.Lines.Count - 1);
        Assert.Equal(0, verdict.Regressions);
        Assert.Contains(changed == 0 ? "1 unchanged" : "0 unchanged", verdict.Lines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.05, 1)]
    [InlineData(0.0999, 1)]
    [InlineData(0.1001, 0)]
    [InlineData(0.2, 0)]
    public void Slower_by_more_than_the_tolerance_is_a_regression(double tolerance, int regressions)
    {
        BaselineVerdict verdict = Judge(SampleReport.Row("v256", 1000, 1), SampleReport.Row("v256", 1100, 1), tolerance);
        Assert.Equal(regressions, verdict.Regressions);
        string line = regressions == 1 ? "REGRESSION gemm-nt 128x512x784 v256" : "gemm-nt 128x512x784 v256";
        Assert.Equal($"{line}: 1.00 µs -> 1.10 µs, 10 % slower", verdict.Lines[0]);
    }

    [Fact]
    public void Rows_are_matched_by_kernel_shape_level_and_threads()
    {
        RowReport row = SampleReport.Row("v256", 1000, 1);
        RowReport[] others = [row with { Threads = 2 }, row with { Level = "v128" }, row with { Kernel = "exp" }, row with { Shape = "1" }];
        Baseline baseline = Baseline.Load(Write(SampleReport.Create(row)), Cpu);
        Assert.Equal(new BaselineRow(1000, row.Spread), baseline.Find(row with { MedianNs = 5 }));
        Assert.All(others, other => Assert.Null(baseline.Find(other)));
        Assert.EndsWith("4 not in the baseline", new BaselineVerdict(baseline, others, 0.1).Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_baseline_of_another_schema_or_processor_or_that_is_no_report_is_refused_in_one_line()
    {
        JsonNode report = JsonNode.Parse(JsonReport.Render(SampleReport.Create(SampleReport.Row("v256", 1000, 1))))!;
        string good = report.ToJsonString();
        Refused(good.Replace("\"schemaVersion\":1", "\"schemaVersion\":99", StringComparison.Ordinal), "schema version 99, expected 1");
        Refused(good.Replace("\"schemaVersion\":1,", "", StringComparison.Ordinal), "is not a report of compare");
        Refused("[1, 2]", "is not a report of compare");
        Refused("{\"schemaVersion\": \"one\"}", "is not a report of compare");
        Refused(good[..^5], "is not JSON");
        Refused("", "is not JSON");
        Refused(good.Replace("\"medianNs\":1000", "\"medianNs\":0", StringComparison.Ordinal), "medianNs is not positive");
        string path = Write(SampleReport.Create(SampleReport.Row("v256", 1000, 1)));
        Assert.Contains($"measured on '{Cpu}', this is 'other'", Refusal(path, "other"), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Refusal(Path.Combine(_folder.Path, "missing.json"), Cpu), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Refusal(_folder.Path, Cpu), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Refusal("", Cpu), StringComparison.Ordinal);
    }

    [Fact]
    public void A_baseline_that_shares_no_row_with_what_would_be_measured_is_refused_before_anything_is_measured()
    {
        Report report = SampleReport.Create(SampleReport.Row("scalar", 1000, 1));
        string path = Write(report with { Machine = report.Machine with { Cpu = CpuName.Read() } });
        CompareInput input = new() { Shapes = ["gemm:128x512x784:nt"], Levels = ["scalar"], Baseline = path };
        Assert.NotNull(CompareCommand.ReadOptions(input).Baseline);
        InputException exception = Assert.Throws<InputException>(
            () => CompareCommand.ReadOptions(input with { Shapes = ["gemm:128x512x783:nt"] }));
        Assert.Equal($"--baseline {path}: has none of the shapes and levels that would be measured", exception.Message);
    }

    private BaselineVerdict Judge(RowReport before, RowReport now, double tolerance) =>
        new(Baseline.Load(Write(SampleReport.Create(before)), Cpu), [now], tolerance);

    private void Refused(string json, string expected)
    {
        string path = Path.Combine(_folder.Path, "bad.json");
        File.WriteAllText(path, json);
        string message = Refusal(path, Cpu);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private static string Refusal(string path, string cpu) => Assert.Throws<InputException>(() => Baseline.Load(path, cpu)).Message;

    private string Write(Report report)
    {
        string path = Path.Combine(_folder.Path, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, JsonReport.Render(report));
        return path;
    }
}
