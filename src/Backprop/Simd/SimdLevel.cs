namespace Backprop.Simd;

/// <summary>The vector widths every kernel can run at. All of them give the same bits; they differ in speed alone.</summary>
public enum SimdLevel
{
    /// <summary>One <see cref="float"/> at a time. Named <c>scalar</c> on the command line and in reports.</summary>
    Scalar,

    /// <summary>Four lanes of 32 bits (SSE, AdvSIMD). Named <c>v128</c>.</summary>
    V128,

    /// <summary>Eight lanes of 32 bits (AVX2). Named <c>v256</c>.</summary>
    V256,

    /// <summary>Sixteen lanes of 32 bits (AVX-512). Named <c>v512</c>.</summary>
    V512,
}
