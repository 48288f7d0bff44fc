namespace Backprop.Tests.Support;

/// <summary>Distances in units of the spacing of single-precision numbers at the true value.</summary>
internal static class Ulp
{
    /// <summary>2⁻²³, the spacing of single-precision numbers just above 1: the ε of the bounds for rows.</summary>
    public const double Epsilon = 1.0 / (1 << 23);

    /// <summary>2⁻²⁴, the largest relative error of one rounding: the ε of the bounds for products.</summary>
    public const double Roundoff = 1.0 / (1 << 24);

    /// <summary>2⁻¹⁴⁹, the spacing of subnormal numbers, which no relative bound covers.</summary>
    public const double SmallestSpacing = float.Epsilon;

    // 2^128 takes the place of infinity: where one more binade would have begun, and what IEEE 754 rounds to infinity from.
    private const double Overflow = 2.0 * (1L << 62) * (1L << 62) * 8;

    private const long ExponentBits = 0x7FF0_0000_0000_0000;

    public static double Error(float actual, double expected)
    {
        if (double.IsNaN(expected))
            return float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        if (float.IsNaN(actual))
            return double.PositiveInfinity;
        double truth = Math.Clamp(expected, -Overflow, Overflow);
        return Math.Abs(Math.Clamp((double)actual, -Overflow, Overflow) - truth) / Spacing(truth);
    }

    /// <summary>2^(e − 23) for 2^e ≤ |value| &lt; 2^(e + 1), and never below the spacing of subnormal numbers.</summary>
    public static double Spacing(double value)
    {
        double binade = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value) & ExponentBits);
        return Math.Clamp(binade * Epsilon, SmallestSpacing, Overflow * Roundoff);
    }
}
