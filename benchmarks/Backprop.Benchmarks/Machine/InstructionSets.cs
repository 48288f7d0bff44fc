using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Benchmarks.Machine;

/// <summary>The instruction sets this process may use that matter to the library's kernels.</summary>
internal static class InstructionSets
{
    public static IReadOnlyList<string> Used() =>
    [
        .. new (string Name, bool Supported)[]
        {
            ("SSE4.2", Sse42.IsSupported),
            ("AVX", Avx.IsSupported),
            ("AVX2", Avx2.IsSupported),
            ("FMA", Fma.IsSupported),
            ("AVX-512F", Avx512F.IsSupported),
            ("AVX-512BW", Avx512BW.IsSupported),
            ("AVX-512DQ", Avx512DQ.IsSupported),
            ("AVX-512VL", Avx512F.VL.IsSupported),
            ("AVX10.1", Avx10v1.IsSupported),
            ("AdvSimd", AdvSimd.IsSupported),
        }.Where(set => set.Supported).Select(set => set.Name),
    ];
}
