using System.Globalization;
using System.Runtime.InteropServices;
using Xunit;

namespace Backprop.Tests.Support;

/// <summary>Comparisons without a tolerance: the same 32 bits, where any NaN equals any other (payloads differ between CPUs).</summary>
internal static class Bits
{
    public static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string context)
    {
        int difference = FirstDifference(expected, actual);
        if (difference >= 0)
            Assert.Fail(
                $"{context}: [{difference}] of {expected.Length} is {Show(actual[difference])}, expected {Show(expected[difference])}");
    }

    public static void AssertSame(float expected, float actual, string context) => AssertSame([expected], [actual], context);

    /// <summary>Index of the first element whose bits differ, −1 when there is none.</summary>
    public static int FirstDifference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        if (MemoryMarshal.Cast<float, int>(expected).SequenceEqual(MemoryMarshal.Cast<float, int>(actual)))
            return -1;
        for (int index = 0; index < expected.Length; index++)
            if (!Same(expected[index], actual[index]))
                return index;
        return -1;
    }

    public static bool Same(float expected, float actual) =>
        BitConverter.SingleToInt32Bits(expected) == BitConverter.SingleToInt32Bits(actual)
            || (float.IsNaN(expected) && float.IsNaN(actual));

    public static string Show(float value) =>
        string.Create(CultureInfo.InvariantCulture, $"{value:R} (0x{BitConverter.SingleToUInt32Bits(value):x8})");
}
