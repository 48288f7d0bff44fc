using Backprop.Benchmarks.Contenders;

namespace Backprop.Benchmarks.Reports;

/// <summary>How this build of the library stands against another at one shape.</summary>
/// <param name="New">This build's row, at the level it picks by itself.</param>
/// <param name="Old">The other build's.</param>
/// <param name="Ratios">What short turns of both come to.</param>
internal sealed record BuildStanding(RowReport New, RowReport Old, BuildRatio Ratios)
{
    /// <summary>How many times as fast this build is: below 1 it is slower.</summary>
    public double Ratio => Ratios.Median;

    /// <summary>Whether the two differ by more than the measurement's own noise.</summary>
    public bool IsClear => Significance.IsNotOne(Ratios);

    /// <summary>Whether this build is slower by more than that.</summary>
    public bool IsSlower => IsClear && Ratio < 1;

    /// <summary>One a shape and thread count at which both were measured, in the order of the rows.</summary>
    public static IEnumerable<BuildStanding> Of(IReadOnlyList<RowReport> rows)
    {
        foreach (IGrouping<(string, string, int), RowReport> shape in rows.GroupBy(row => (row.Kernel, row.Shape, row.Threads)))
        {
            RowReport? other = shape.FirstOrDefault(row => row.Level == OtherBuild.Level);
            if (other is not null && shape.FirstOrDefault(row => row.OtherBuild is not null) is RowReport own)
                yield return new BuildStanding(own, other, own.OtherBuild!);
        }
    }
}
