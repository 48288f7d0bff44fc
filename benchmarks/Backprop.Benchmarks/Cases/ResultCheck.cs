using System.Globalization;

namespace Backprop.Benchmarks.Cases;

/// <summary>Comparison of a float with its reference in double precision.</summary>
internal static class ResultCheck
{
    /// <summary>The distance from 1 to the next float. Bounds are in multiples of it: twice what one rounding may be off.</summary>
    public const double Epsilon = 1.0 / (1 << 23);

    /// <summary>Null when <paramref name="actual"/> is within <paramref name="bound"/>, else a text that names the element.</summary>
    public static string? Compare(string name, long index, float actual, double expected, double bound)
    {
        // written so that NaN is a difference
        if (Math.Abs(actual - expected) <= bound)
            return null;
        return string.Create(CultureInfo.InvariantCulture, $"{name}[{index}] is {actual:R}, expected {expected:G9} ± {bound:G2}");
    }

    /// <summary>Null when both builds gave the same bits, else a text that names the element.</summary>
    public static string? CompareBits(string name, long index, float actual, float other) =>
        BitConverter.SingleToInt32Bits(actual) == BitConverter.SingleToInt32Bits(other)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{name}[{index}] is {actual:R}, {other:R} by the other build");

    /// <summary>
    /// At most <paramref name="limit"/> indices below <paramref name="count"/>, the first and the last among them, with a stride that
    /// has no factor in common with the usual powers of two. All of them when there are no more than the limit.
    /// </summary>
    public static IEnumerable<long> Sample(long count, long limit)
    {
        if (count <= 0)
            yield break;
        long stride = count <= limit ? 1 : (count / limit) | 1;
        for (long i = 0; i < count - 1; i += stride)
            yield return i;
        yield return count - 1;
    }
}
