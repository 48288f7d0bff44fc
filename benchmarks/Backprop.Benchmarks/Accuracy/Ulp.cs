namespace Backprop.Benchmarks.Accuracy;

/// <summary>The error of a float in units in the last place of the true value.</summary>
internal static class Ulp
{
    private const int SignificandBits = 24;
    private const int SmallestExponent = -149;

    /// <summary>The distance between neighbouring floats around <paramref name="value"/>, the smallest subnormal at the least.</summary>
    public static double Of(double value) =>
        value == 0
            ? double.ScaleB(1, SmallestExponent)
            : double.ScaleB(1, Math.Max(Math.ILogB(value) - SignificandBits + 1, SmallestExponent));

    /// <summary>|actual − exact| in those units. A wrong NaN or infinity is infinitely wrong; beyond the floats, ∞ counts as 2¹²⁸.</summary>
    public static double Error(double exact, float actual)
    {
        if (double.IsNaN(exact) || float.IsNaN(actual))
            return double.IsNaN(exact) && float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        if (double.IsInfinity(exact)) return actual == exact ? 0 : double.PositiveInfinity;
        double limit = double.ScaleB(1, 128);
        double clamped = Math.Clamp(exact, -limit, limit);
        double found = float.IsInfinity(actual) ? Math.CopySign(limit, actual) : actual;
        return Math.Abs(found - clamped) / Math.Min(Of(clamped), double.ScaleB(1, 104));
    }
}
