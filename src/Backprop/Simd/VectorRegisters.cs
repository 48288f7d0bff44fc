using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Simd;

/// <summary>How many vectors the processor holds at once: what register tiles are cut to.</summary>
internal static class VectorRegisters
{
    /// <summary>32 with AVX-512, whatever the width, and on Arm64; 16 otherwise.</summary>
    public static bool Are32
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512F.VL.IsSupported || AdvSimd.IsSupported;
    }
}
