namespace Backprop.Benchmarks.Reports;

/// <summary>A verdict in words, the same in every report.</summary>
internal static class VerdictText
{
    /// <summary>The width, and the shapes that ask for another: <c>v512 (v256 at 784x30, 8x8)</c>.</summary>
    public static string Use(Verdict verdict)
    {
        string use = Levels(verdict.Levels), exceptions = Exceptions(verdict);
        return exceptions.Length == 0 ? use : $"{use} ({exceptions})";
    }

    /// <summary>The shapes that ask for another width, by that width; empty when there are none.</summary>
    public static string Exceptions(Verdict verdict) => string.Join("; ", verdict.Exceptions.GroupBy(glance => Levels(glance.Levels))
        .Select(level => $"{level.Key} at {string.Join(", ", level.Select(glance => glance.Fastest.Shape))}"));

    public static string Levels(IEnumerable<string> levels) => string.Join(" = ", levels);

    /// <summary>The least and the most of the factors there are.</summary>
    public static string Factors(IEnumerable<double?> factors)
    {
        double[] known = [.. factors.OfType<double>()];
        return known.Length == 0 ? "–" : Ranges.Text(known, Units.Factor);
    }

    /// <summary>What the width leaves of the limit, from shape to shape.</summary>
    public static string Left(Verdict verdict) => Ranges.Text([.. verdict.Rows.Select(LeftOver)], Units.Percent);

    // a measured limit can be passed by a little
    public static double LeftOver(RowReport row) => Math.Max(0, 1 - row.OfLimit);
}
