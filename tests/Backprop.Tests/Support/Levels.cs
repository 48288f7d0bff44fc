using System.Runtime.Intrinsics;
using Backprop.Simd;

namespace Backprop.Tests.Support;

/// <summary>The vector widths to test: all of them on every CPU, in software where the hardware has none.</summary>
internal static class Levels
{
    public static readonly SimdLevel[] All = Enum.GetValues<SimdLevel>();

    /// <summary>The widths that must give the bits of <see cref="SimdLevel.Scalar"/>.</summary>
    public static readonly SimdLevel[] Vectors = [SimdLevel.V128, SimdLevel.V256, SimdLevel.V512];

    /// <summary>Without it every vector operation is a loop in software, 10 to 50 times slower: sweeps then take longer strides.</summary>
    public static bool HardwareAccelerated => Vector128.IsHardwareAccelerated;
}
