using System.Globalization;
using Backprop.Benchmarks.Reports;

namespace Backprop.Tests.Benchmarks;

/// <summary>A report that fills every part of the page, with figures that follow a rule.</summary>
internal static class PageReport
{
    private static readonly string[] s_levels = ["naive", "scalar", "v128", "v256", "v512", "tensorprimitives", "auto"];

    public static Report Create() => SampleReport.Create(
    [
        .. Shapes("exp", "8", "100", "1000", "100000", "10000000").Select(row => row with { Flops = 0, Gflops = null }),
        .. Shapes("ger", "8x8", "64x64", "512x512", "4096x4096"),
        .. Shapes("gemm-nn", "10x30x784", "128x512x784"),
        .. Shapes("gemm-nn", "128x512x784").Select(row => row with { Threads = 2, MedianNs = row.MedianNs / 1.8 }),
        .. Shapes("step", "784-30-10:10"),
        .. Shapes("gemm-nn", "10x30x784").Where(row => row.Level == "auto").Select(row => row with { Level = "openblas", MedianNs = 90 }),
    ]) with
    {
        Machine = SampleReport.Create().Machine with { Warnings = [] },
    };

    // the n-th level takes 2000 / n, the n-th shape n times as long as the first
    private static IEnumerable<RowReport> Shapes(string kernel, params string[] shapes) =>
        from shape in shapes.Index()
        from level in s_levels.Index()
        let time = 2000.0 / (level.Index + 1) * (shape.Index + 1)
        let flops = 1000.0 * (shape.Index + 1)
        let bytes = 8.0 * shape.Item.Split('x', '-', ':')
            .Aggregate(1.0, (product, size) => product * double.Parse(size, CultureInfo.InvariantCulture))
        select SampleReport.Row(level.Item, time, (level.Index + 1) / 2.0) with
        {
            Kernel = kernel,
            Shape = shape.Item,
            Flops = flops,
            Bytes = bytes,
            WorkingSet = bytes,
            Gflops = flops / time,
            Gbps = bytes / time,
            OfLimit = (level.Index + 1) / 10.0,
            Limit = kernel is "exp" or "ger" ? "L1" : "FMA",
        };
}
