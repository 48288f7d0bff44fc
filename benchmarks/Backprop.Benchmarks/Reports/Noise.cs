namespace Backprop.Benchmarks.Reports;

/// <summary>Tells when the machine was too busy for the figures to be trusted.</summary>
internal static class Noise
{
    // on a quiet machine nearly all rows are within a few per cent
    private const double WideSpread = 0.1, ToleratedShare = 0.2;

    /// <summary>One sentence, or null when most rows are steady.</summary>
    public static string? Warning(IReadOnlyList<RowReport> rows)
    {
        int wide = rows.Count(row => row.Spread > WideSpread);
        return wide > rows.Count * ToleratedShare
            ? $"The machine was busy: {wide} of {rows.Count} rows spread by more than {Units.Percent(WideSpread)}."
                + " Measure again when it is quiet."
            : null;
    }
}
