namespace Backprop.Benchmarks.Measuring;

/// <summary>Median and quartiles of samples: what a burst of foreign work on the machine cannot move.</summary>
internal readonly record struct Statistics(double Median, double LowerQuartile, double UpperQuartile, int Count)
{
    /// <summary>Half the distance between the quartiles, as a fraction of the median.</summary>
    public double Spread => Median > 0 ? (UpperQuartile - LowerQuartile) / 2 / Median : 0;

    /// <summary>Statistics of at least one sample. Quantiles between two samples are interpolated.</summary>
    public static Statistics Of(IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length, nameof(samples));
        return new Statistics(Quantile(sorted, 0.5), Quantile(sorted, 0.25), Quantile(sorted, 0.75), sorted.Length);
    }

    /// <summary>
    /// The samples that the true median lies between with 95 % confidence, whatever the distribution: as many are above it as heads come of
    /// that many coins, n/2 ± √n. Fewer than six samples have no such pair, and their extremes are returned.
    /// </summary>
    public static (double Lower, double Upper) MedianInterval(IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        int last = sorted.Length - 1;
        int lower = Math.Max(0, (int)Math.Floor((last - 2 * Math.Sqrt(sorted.Length)) / 2));
        return (sorted[lower], sorted[last - lower]);
    }

    private static double Quantile(double[] sorted, double fraction)
    {
        double position = fraction * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
