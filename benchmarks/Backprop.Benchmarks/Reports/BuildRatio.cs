using Backprop.Benchmarks.Measuring;

namespace Backprop.Benchmarks.Reports;

/// <summary>
/// Time of another build of the library divided by this one's, measured in short turns right after each other, so that a slow phase of the
/// machine cancels.
/// </summary>
/// <param name="Median">The median of those ratios: below 1 this build is slower.</param>
/// <param name="Lower">The lower end of the interval that holds their true median with 95 % confidence.</param>
/// <param name="Upper">The upper end.</param>
/// <param name="Pairs">The number of ratios.</param>
internal sealed record BuildRatio(double Median, double Lower, double Upper, int Pairs)
{
    public static BuildRatio Of(IReadOnlyList<double> ratios)
    {
        (double lower, double upper) = Statistics.MedianInterval(ratios);
        return new BuildRatio(Statistics.Of(ratios).Median, lower, upper, ratios.Count);
    }
}
