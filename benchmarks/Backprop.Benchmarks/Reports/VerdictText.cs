namespace Backprop.Benchmarks.Reports;

/// <summary>A verdict in words, the same in every report.</summary>
internal static class VerdictText
{
    /// <summary>The width, and the shapes that ask for another: <c>v512 (v256 at 784x30)</c>.</summary>
    public static string Use(Verdict verdict)
    {
        string use = string.Join(" = ", verdict.Levels);
        List<Glance> exceptions = [.. verdict.Exceptions];
        return exceptions.Count == 0
            ? use
            : $"{use} ({string.Join(", ", exceptions.Select(glance => $"{string.Join(" = ", glance.Levels)} at {glance.Fastest.Shape}"))})";
    }

    /// <summary>The least and the most of the factors there are.</summary>
    public static string Factors(IEnumerable<double?> factors)
    {
        double[] known = [.. factors.OfType<double>()];
        return known.Length == 0 ? "–" : Ranges.Text(known, Units.Factor);
    }

    /// <summary>What the width leaves of the limit, from shape to shape; with a mark where the arithmetic is not part of the limit.</summary>
    public static string Left(Verdict verdict) =>
        Ranges.Text([.. verdict.Rows.Select(LeftOver)], Units.Percent) + (verdict.Rows[0].Flops == 0 ? " †" : "");

    // a measured limit can be passed by a little
    public static double LeftOver(RowReport row) => Math.Max(0, 1 - row.OfLimit);
}
