namespace Backprop.Benchmarks.Reports;

/// <summary>Several figures in few words.</summary>
internal static class Ranges
{
    public static double Median(IReadOnlyCollection<double> values)
    {
        List<double> sorted = [.. values.Order()];
        int middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The least and the most: <c>5.73–7.20×</c>, one figure where they read alike.</summary>
    public static string Text(IReadOnlyCollection<double> values, Func<double, string> format)
    {
        string least = format(values.Min()), most = format(values.Max());
        if (least == most)
            return most;
        string unit = new([.. most.SkipWhile(c => char.IsAsciiDigit(c) || c == '.')]);
        return $"{(unit.Length > 0 && least.EndsWith(unit, StringComparison.Ordinal) ? least[..^unit.Length] : least)}–{most}";
    }
}
