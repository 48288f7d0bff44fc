using System.Globalization;
using System.Xml.Linq;
using Backprop.Benchmarks.Reports;
using Backprop.Benchmarks.Reports.Plots;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public class PlotTests
{
    private static readonly Report Sample = SampleReport.Create();

    [Fact]
    public void A_logarithmic_axis_places_equal_ratios_at_equal_distances()
    {
        LogAxis axis = new(1, 1000);
        for (int power = 0; power <= 3; power++)
            Assert.Equal(power / 3.0, axis.Fraction(Math.Pow(10, power)), 12);
        Assert.Equal([1, 10, 100, 1000], axis.Ticks(10));
        Assert.Equal([16, 256], new LogAxis(8, 512).Ticks(16));
        Assert.Equal([0.1, 1], new LogAxis(0.05, 2).Ticks(10));
    }

    [Fact]
    public void An_axis_shows_all_its_values_and_leaves_out_what_has_no_logarithm()
    {
        LogAxis axis = LogAxis.Around([0, 5, double.PositiveInfinity, 50]);
        Assert.True(axis.Least is > 1 and < 5);
        Assert.True(axis.Most is > 50 and < 500);
    }

    [Fact]
    public void The_roofline_has_a_mark_a_row_and_a_line_a_ceiling()
    {
        RowReport[] rows =
        [
            SampleReport.Row("v128", 500, 1) with { Flops = 25_000, Bytes = 100, Gflops = 50, Gbps = 0.2 },
            SampleReport.Row("v256", 250, 2) with { Flops = 25_000, Bytes = 100, Gflops = 100, Gbps = 0.4 },
            SampleReport.Row("v256", 125, 2) with { Flops = 25_000, Threads = 2 },
            SampleReport.Row("v256", 100, 2) with { Kernel = "exp", Flops = 0, Gflops = null },
        ];
        XElement figure = XElement.Parse(RooflinePlot.Render(rows, Sample.Limits!));
        List<XElement> marks = [.. Having(figure, "svg", "mark")];
        Assert.Equal(2, marks.Count);
        // 250 operations a byte both, and the faster one at the height of the ceiling it reaches
        Assert.Equal(marks[0].Attribute("x")!.Value, marks[1].Attribute("x")!.Value);
        XElement ceiling = Having(figure, "line", "roof v256").Single();
        Assert.Equal(ceiling.Attribute("y1")!.Value, marks[1].Attribute("y")!.Value);
        Assert.Equal(ceiling.Attribute("y2")!.Value, marks[1].Attribute("y")!.Value);
        Assert.True(Percent(marks[0], "y") > Percent(marks[1], "y"));
        // three widths, four levels of memory
        Assert.Equal(7, Having(figure, "line", "roof").Count());
        // the bandwidth lines rise at one operation a byte a decade: all alike
        double[] slopes =
        [
            .. Having(figure, "line", "roof").Where(line => line.Attribute("y1")!.Value != line.Attribute("y2")!.Value)
                .Select(line => (Percent(line, "y1") - Percent(line, "y2")) / (Percent(line, "x2") - Percent(line, "x1"))),
        ];
        Assert.Equal(4, slopes.Length);
        // places have two digits behind the point
        Assert.InRange(slopes.Max() / slopes.Min(), 1, 1.01);
        Assert.Contains("100 GFLOP/s at 250 operations a byte", marks[1].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_plot_against_size_takes_kernels_of_four_sizes_of_one_proportion_and_marks_the_caches()
    {
        RowReport[] rows = [.. Sizes("exp", "8", "1000", "100000", "10000000"), .. Sizes("log", "8", "1000"),
            .. Sizes("ger", "8x9", "10x20", "30x40", "50x60")];
        XElement root = XElement.Parse($"<div>{SizePlots.Render(rows, Sample.Machine.Caches)}</div>");
        XElement figure = Assert.Single(root.Elements("figure"));
        Assert.StartsWith("exp", figure.Element("figcaption")!.Value, StringComparison.Ordinal);
        Assert.Equal(3, Having(figure, "line", "marker").Count());
        Assert.Equal(4, Having(figure, "svg", "mark").Count());
    }

    [Fact]
    public void Thread_scaling_is_the_time_of_one_thread_over_that_of_many()
    {
        RowReport one = SampleReport.Row("auto", 100, 1);
        XElement figure = XElement.Parse(ThreadChart.Render([one, one with { Threads = 4, MedianNs = 40 }]));
        Assert.Equal(["25.00%", "62.50%"], figure.Descendants("rect").Select(bar => bar.Attribute("width")!.Value));
        Assert.Equal("", ThreadChart.Render([one]));
    }

    [Fact]
    public void Of_many_shapes_some_are_folded_away()
    {
        XElement root = XElement.Parse(
            $"<div>{SpeedUpChart.Render("exp", [.. Sizes("exp", "8", "16", "32", "64", "128", "256", "512")])}</div>");
        Assert.Equal(["32", "128", "512"], Having(root.Element("svg")!, "text", "shape").Select(text => text.Value));
        Assert.Equal(["8", "16", "64", "256"], Having(root.Element("details")!, "text", "shape").Select(text => text.Value));
    }

    private static IEnumerable<RowReport> Sizes(string kernel, params string[] shapes) => shapes.Select(shape =>
        SampleReport.Row("v256", 100, 1) with
        {
            Kernel = kernel,
            Shape = shape,
            WorkingSet = 8.0 * int.Parse(shape.Split('x')[0], CultureInfo.InvariantCulture),
        });

    private static IEnumerable<XElement> Having(XElement root, string name, string css) =>
        root.Descendants(name).Where(element => css.Split(' ').All(Classes(element).Contains));

    private static string[] Classes(XElement element) => ((string?)element.Attribute("class") ?? "").Split(' ');

    private static double Percent(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value.TrimEnd('%'), CultureInfo.InvariantCulture);
}
