using Backprop.Simd;

namespace Backprop.Benchmarks.Reports;

/// <summary>A level of the library in words.</summary>
internal static class WidthText
{
    public static string Of(string level) => SimdSupport.TryParse(level, out SimdLevel parsed)
        ? parsed switch
        {
            SimdLevel.V128 => "128 bits, 4 floats at a time",
            SimdLevel.V256 => "256 bits, 8 floats at a time",
            SimdLevel.V512 => "512 bits, 16 floats at a time",
            _ => "one float at a time",
        }
        : level;
}
