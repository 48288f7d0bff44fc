using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Measuring;
using Backprop.Benchmarks.Reports;

namespace Backprop.Benchmarks.Compare;

/// <summary>Makes the rows of a shape out of what was measured, held against the machine's limits.</summary>
internal sealed class RowBuilder(Limits limit)
{
    /// <param name="problem">The shape.</param>
    /// <param name="found">What was measured, in the order of reports.</param>
    /// <param name="stable">Whether the warm-up reached its end.</param>
    /// <param name="builds">Another build of the library against this one, or null.</param>
    public List<RowReport> Build(KernelCase problem, IReadOnlyList<Measurement> found, bool stable, BuildRatio? builds)
    {
        (double least, string boundBy) = limit.Roofline(problem);
        string home = limit.Caches.Holding(problem.WorkingSet).ToString();
        double? scalar = found.FirstOrDefault(measured => measured.Level == ContenderList.Baseline)?.Time.Median;
        return WithEquals([.. found.Select(measured =>
        {
            Statistics time = measured.Time;
            return new RowReport(
                problem.Kernel, problem.Shape, measured.Level, limit.Threads,
                time.Median, time.LowerQuartile, time.UpperQuartile, time.Count,
                problem.Flops / time.Median, problem.Bytes / time.Median, least / time.Median, boundBy,
                scalar / time.Median, measured.AllocatedBytes, problem.Flops, problem.Bytes, problem.WorkingSet, home,
                EqualTo: null, stable, measured.Level == AutoContender.Level ? builds : null,
                measured.CompiledMethods, measured.JitMilliseconds);
        })]);
    }

    // which rows the noise does not let one tell from the fastest
    private static List<RowReport> WithEquals(List<RowReport> rows)
    {
        RowReport? fastest = rows.MinBy(row => row.MedianNs);
        return
        [
            .. rows.Select(row =>
                row == fastest || Significance.IsSlower(row, fastest!) ? row : row with { EqualTo = fastest!.Level }),
        ];
    }
}
