using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Backprop.Benchmarks.Reports;
using Backprop.Benchmarks.Reports.Plots;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public class ReportTests
{
    private static readonly Report Sample = SampleReport.Create(
        SampleReport.Row("naive", 4000, 0.5), SampleReport.Row("scalar", 2000, 1), SampleReport.Row("v256", 500, 4),
        SampleReport.Row("tensorprimitives", 1500, 2000.0 / 1500));

    [Fact]
    public void The_json_has_the_fields_of_the_schema()
    {
        using JsonDocument document = JsonDocument.Parse(JsonReport.Render(Sample));
        JsonElement root = document.RootElement;
        Assert.Equal(1, root.GetProperty("schemaVersion").GetInt32());
        Assert.True(root.GetProperty("complete").GetBoolean());
        Assert.Equal("v256: the widest", root.GetProperty("machine").GetProperty("simd").GetString());
        Assert.Equal(32768, root.GetProperty("machine").GetProperty("caches").GetProperty("L1").GetInt64());
        Assert.Equal("0", root.GetProperty("machine").GetProperty("switches").GetProperty("DOTNET_EnableAVX512").GetString());
        JsonElement limits = root.GetProperty("limits");
        Assert.Equal(100, limits.GetProperty("fmaGflops").GetDouble());
        Assert.Equal(["L1", "L2", "L3", "DRAM"], limits.GetProperty("readGBps").EnumerateObject().Select(property => property.Name));
        Assert.Equal(50, limits.GetProperty("fmaGflopsByLevel").GetProperty("v128").GetDouble());
        Assert.Equal(10, limits.GetProperty("writeGBps").GetProperty("DRAM").GetDouble());
        Assert.Equal(150, limits.GetProperty("copyGBps").GetProperty("L1").GetDouble());
        Assert.Equal("openblas", root.GetProperty("peers")[0].GetProperty("name").GetString());
        JsonElement row = root.GetProperty("rows")[2];
        string[] required =
        [
            "kernel", "shape", "level", "threads", "medianNs", "gflops", "gbps", "ofLimit", "allocatedBytes", "spread", "flops", "bytes",
            "workingSet", "home", "equalTo",
        ];
        Assert.Superset(required.ToHashSet(), row.EnumerateObject().Select(property => property.Name).ToHashSet());
        Assert.Equal(("gemm-nt", "128x512x784", "v256", 1, 500.0), (
            row.GetProperty("kernel").GetString(), row.GetProperty("shape").GetString(), row.GetProperty("level").GetString(),
            row.GetProperty("threads").GetInt32(), row.GetProperty("medianNs").GetDouble()));
        Assert.Equal("aa", root.GetProperty("training")[1].GetProperty("parametersSha256").GetString());
    }

    [Fact]
    public void A_row_whose_operations_are_not_counted_has_null_for_them()
    {
        Report report = SampleReport.Create(SampleReport.Row("auto", 10, null) with { Gflops = null });
        using JsonDocument document = JsonDocument.Parse(JsonReport.Render(report));
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("rows")[0].GetProperty("gflops").ValueKind);
    }

    [Fact]
    public void The_page_needs_nothing_else_and_escapes_what_it_shows()
    {
        string page = HtmlReport.Render(Sample);
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<fast>", page, StringComparison.Ordinal);
        Assert.Contains("A &lt;fast&gt; &amp; &quot;new&quot; CPU", page, StringComparison.Ordinal);
        foreach (string external in new[] { "http://", "https://", "<link", "@import", "src=", "url(", "import(", "fetch(" })
            Assert.DoesNotContain(external, page, StringComparison.Ordinal);
        Assert.Contains("Something is off.", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"number\" data-key=\"4\">4.00×</td>", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_carries_the_report_itself()
    {
        string page = HtmlReport.Render(Sample);
        string data = page.Split("href=\"data:application/json;base64,")[1].Split('"')[0];
        Assert.Equal(JsonReport.Render(Sample), Encoding.UTF8.GetString(Convert.FromBase64String(data)));
    }

    [Fact]
    public void The_page_begins_with_the_width_to_use_and_what_is_left()
    {
        string page = WebUtility.HtmlDecode(HtmlReport.Render(Sample));
        int verdict = page.IndexOf("<p class=\"figure\">v256</p>", StringComparison.Ordinal);
        Assert.InRange(verdict, 0, page.IndexOf("id=\"roofline\"", StringComparison.Ordinal));
        Assert.Contains("The library by itself picks v256.", page, StringComparison.Ordinal);
        Assert.Contains("<p class=\"figure\">50 %</p>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_speed_up_chart_is_well_formed_and_its_bars_are_as_long_as_the_speed_up()
    {
        XElement svg = XElement.Parse(SpeedUpChart.Render("gemm-nt", Sample.Rows));
        Dictionary<string, string> widths = svg.Descendants("rect")
            .ToDictionary(bar => bar.Attribute("class")!.Value, bar => bar.Attribute("width")!.Value);
        Assert.Equal("100.00%", widths["v256"]);
        Assert.Equal("25.00%", widths["scalar"]);
        Assert.Equal("12.50%", widths["naive"]);
    }

    [Fact]
    public void Without_the_scalar_level_there_is_no_chart() =>
        Assert.Equal("", SpeedUpChart.Render("gemm-nt", [SampleReport.Row("v256", 500, null)]));

    [Fact]
    public void The_markdown_tables_have_as_many_cells_in_every_row()
    {
        string[] lines = MarkdownReport.Render(Sample).Split('\n');
        Assert.Contains("| gemm-nt | 128x512x784 | v256 | 500 ns | 4.00× | 8.00× | 3.00× | 50 % (FMA) |", lines);
        int cells = 0;
        foreach (string line in lines)
        {
            int count = line.Count(character => character == '|');
            if (cells > 0 && count > 0)
                Assert.Equal(cells, count);
            cells = count;
        }
    }

    [Fact]
    public void Widths_that_do_not_differ_beyond_the_noise_are_told_together()
    {
        Report noisy = SampleReport.Create(
            SampleReport.Row("scalar", 2000, 1), SampleReport.Row("v128", 600, 3.3), SampleReport.Row("v256", 510, 3.9, spread: 0.02),
            SampleReport.Row("v512", 500, 4, spread: 0.02), SampleReport.Row("auto", 100, 20));
        Glance glance = Assert.Single(Glance.Of(noisy.Rows));
        Assert.Equal("v512", glance.Fastest.Level);
        Assert.Equal(["v256", "v512"], glance.Levels);
        Assert.Null(glance.OverNaive);
    }

    [Theory]
    [InlineData(0.5, "0.50 ns")]
    [InlineData(999, "999 ns")]
    [InlineData(1234, "1.23 µs")]
    [InlineData(45_678_900, "45.7 ms")]
    [InlineData(2.5e9, "2.50 s")]
    public void Times_have_three_digits_and_a_unit(double nanoseconds, string text) => Assert.Equal(text, Units.Time(nanoseconds));

    [Theory]
    [InlineData(512, "512 B")]
    [InlineData(32768, "32.0 KiB")]
    [InlineData(1048576, "1.00 MiB")]
    public void Sizes_have_a_binary_unit(double bytes, string text) => Assert.Equal(text, Units.Bytes(bytes));
}
