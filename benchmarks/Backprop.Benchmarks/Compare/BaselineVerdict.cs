using System.Globalization;
using Backprop.Benchmarks.Reports;

namespace Backprop.Benchmarks.Compare;

/// <summary>What has changed since the baseline beyond the noise of both measurements.</summary>
internal sealed class BaselineVerdict
{
    private readonly List<string> _lines = [];

    /// <param name="baseline">The earlier report.</param>
    /// <param name="rows">The rows measured now.</param>
    /// <param name="tolerance">The fraction by which a row may be slower.</param>
    public BaselineVerdict(Baseline baseline, IEnumerable<RowReport> rows, double tolerance)
    {
        int faster = 0, slower = 0, same = 0, unmatched = 0;
        foreach (RowReport row in rows)
        {
            if (baseline.Find(row) is not BaselineRow old)
            {
                unmatched++;
                continue;
            }
            double change = row.MedianNs / old.MedianNs - 1, noise = Significance.Noise(row.Spread, old.Spread);
            // half the time and twice the time are as far from no change
            if (Math.Max(row.MedianNs / old.MedianNs, old.MedianNs / row.MedianNs) <= 1 + noise)
            {
                same++;
                continue;
            }
            bool regressed = change > tolerance;
            if (change > 0)
                slower++;
            else
                faster++;
            if (regressed)
                Regressions++;
            _lines.Add(Describe(row, old, change, regressed));
        }
        _lines.Add(string.Create(CultureInfo.InvariantCulture,
            $"against {baseline.Path} of {baseline.Date}: {slower} slower, {Regressions} of them by more than {tolerance * 100:0.##} %;"
            + $" {faster} faster; {same} unchanged within the noise; {unmatched} not in the baseline"));
    }

    /// <summary>Rows that are slower than the tolerance allows.</summary>
    public int Regressions { get; }

    /// <summary>A line a row that has changed, and one that counts them.</summary>
    public IReadOnlyList<string> Lines => _lines;

    private static string Describe(RowReport row, BaselineRow old, double change, bool regressed)
    {
        string threads = row.Threads == 1 ? "" : $", {row.Threads} threads";
        string direction = change > 0 ? "slower" : "faster";
        return $"{(regressed ? "REGRESSION " : "")}{row.Kernel} {row.Shape} {row.Level}{threads}:"
            + $" {Units.Time(old.MedianNs)} -> {Units.Time(row.MedianNs)}, {Units.Percent(Math.Abs(change))} {direction}";
    }
}
