namespace Backprop.Benchmarks.Compare;

/// <summary>What an earlier report says of a row.</summary>
/// <param name="MedianNs">Median time of a call in nanoseconds.</param>
/// <param name="Spread">Half the distance between the quartiles, as a fraction of the median.</param>
internal sealed record BaselineRow(double MedianNs, double Spread);
