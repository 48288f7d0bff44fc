using Backprop.Benchmarks.Contenders;

namespace Backprop.Benchmarks.Reports;

/// <summary>How this build of the library stands against another at one shape.</summary>
/// <param name="New">This build's row, at the level it picks by itself.</param>
/// <param name="Old">The other build's.</param>
internal sealed record BuildStanding(RowReport New, RowReport Old)
{
    /// <summary>How many times as fast this build is: below 1 it is slower.</summary>
    public double Ratio => Old.MedianNs / New.MedianNs;

    /// <summary>Whether this build is slower by more than the measurement's own noise.</summary>
    public bool IsSlower => Significance.IsSlower(New, Old);

    /// <summary>Whether the two differ by more than that.</summary>
    public bool IsClear => IsSlower || Significance.IsSlower(Old, New);

    /// <summary>One a shape and thread count at which both were measured, in the order of the rows.</summary>
    public static IEnumerable<BuildStanding> Of(IReadOnlyList<RowReport> rows)
    {
        foreach (IGrouping<(string, string, int), RowReport> shape in rows.GroupBy(row => (row.Kernel, row.Shape, row.Threads)))
        {
            RowReport? own = shape.FirstOrDefault(row => row.Level == AutoContender.Level);
            RowReport? other = shape.FirstOrDefault(row => row.Level == OtherBuild.Level);
            if (own is not null && other is not null)
                yield return new BuildStanding(own, other);
        }
    }
}
