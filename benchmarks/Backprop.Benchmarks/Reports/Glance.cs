using Backprop.Simd;

namespace Backprop.Benchmarks.Reports;

/// <summary>What one shape comes to: the fastest vector width, and what it is worth.</summary>
/// <param name="Fastest">The row of the fastest width of the library.</param>
/// <param name="Levels">The names of all widths that are as fast within the noise.</param>
/// <param name="OverNaive">Time of the naive loop divided by the fastest's.</param>
/// <param name="OverTensorPrimitives">Time of the TensorPrimitives calls divided by the fastest's.</param>
internal sealed record Glance(RowReport Fastest, IReadOnlyList<string> Levels, double? OverNaive, double? OverTensorPrimitives)
{
    /// <summary>One line a shape, in the order of the rows; shapes that were measured at no width of the library are left out.</summary>
    public static IEnumerable<Glance> Of(IEnumerable<RowReport> rows)
    {
        foreach (IGrouping<(string, string, int), RowReport> shape in rows.Where(row => !row.IsStartup).GroupBy(row => (row.Kernel, row.Shape, row.Threads)))
        {
            List<RowReport> widths = [.. shape.Where(row => SimdSupport.TryParse(row.Level, out _))];
            if (widths.Count == 0)
                continue;
            RowReport fastest = widths.MinBy(row => row.MedianNs)!;
            yield return new Glance(
                fastest,
                [.. widths.Where(row => !Significance.IsSlower(row, fastest)).Select(row => row.Level)],
                Time(shape, "naive") / fastest.MedianNs,
                Time(shape, "tensorprimitives") / fastest.MedianNs);
        }
    }

    private static double? Time(IEnumerable<RowReport> rows, string level) => rows.FirstOrDefault(row => row.Level == level)?.MedianNs;
}
