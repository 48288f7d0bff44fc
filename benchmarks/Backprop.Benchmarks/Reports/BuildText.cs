using System.Globalization;

namespace Backprop.Benchmarks.Reports;

/// <summary>This build of the library against another in words, the same in every report.</summary>
internal static class BuildText
{
    /// <summary>What the ratio is, as the head of its column.</summary>
    public const string Heading = "old / new";

    /// <summary>One line about all shapes, or null when no other build was measured.</summary>
    public static string? Summary(Report report)
    {
        List<BuildStanding> standings = [.. BuildStanding.Of(report.Rows)];
        if (standings.Count == 0)
            return null;
        double mean = Math.Exp(standings.Average(standing => Math.Log(standing.Ratio)));
        BuildStanding least = standings.MinBy(standing => standing.Ratio)!;
        int slower = standings.Count(standing => standing.IsSlower);
        return $"{Heading}: {Ratio(mean)} in the geometric mean of {standings.Count} shapes; the least is {RatioAndNoise(least)}, at"
            + $" {least.New.Kernel} {least.New.Shape}{Threads(least.New)}; slower beyond the noise at {slower}";
    }

    /// <summary>A digit more than other figures have: builds are held to a few per cent of each other.</summary>
    public static string Ratio(double ratio) => ratio.ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>The ratio, and whether the noise lets one tell it from 1.</summary>
    public static string RatioAndNoise(BuildStanding standing) =>
        $"{Ratio(standing.Ratio)}{(standing.IsClear ? "" : ", within the noise")}";

    private static string Threads(RowReport row) => row.Threads == 1 ? "" : $" on {row.Threads} threads";
}
