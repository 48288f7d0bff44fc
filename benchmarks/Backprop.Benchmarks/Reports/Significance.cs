namespace Backprop.Benchmarks.Reports;

/// <summary>Tells whether two times differ by more than the measurement's own noise.</summary>
internal static class Significance
{
    // what two rounds of the same code differ by on a quiet machine
    private const double Floor = 0.02;

    /// <summary>The part of the time that two rows have to differ by: the sum of their spreads, and never less than the floor.</summary>
    public static double Noise(double spreadA, double spreadB) => Math.Max(Floor, spreadA + spreadB);

    /// <inheritdoc cref="Noise(double, double)"/>
    public static double Noise(RowReport a, RowReport b) => Noise(a.Spread, b.Spread);

    /// <summary>Whether <paramref name="slower"/> takes longer than <paramref name="faster"/> by more than the noise.</summary>
    public static bool IsSlower(RowReport slower, RowReport faster) => slower.MedianNs > faster.MedianNs * (1 + Noise(slower, faster));

    /// <summary>Whether a ratio differs from 1 by more than the floor, and its interval of confidence does not hold 1.</summary>
    public static bool IsNotOne(BuildRatio ratio) => Math.Abs(ratio.Median - 1) > Floor && (ratio.Lower > 1 || ratio.Upper < 1);
}
