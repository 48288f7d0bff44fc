using System.Runtime.CompilerServices;

namespace Backprop.Simd;

/// <summary>Powers of two by way of the exponent field, for the widths that have no instruction for it.</summary>
internal static class ExponentArithmetic
{
    /// <summary>1.5 · 2²³: added to a number below 2²² in magnitude it leaves the nearest integer in the low bits.</summary>
    public const float RoundingMagic = 12582912f;

    private const int RoundingMagicBits = 0x4B400000;
    private const int ExponentBias = 127;
    private const int SignificandBits = 23;

    /// <summary>a · 2^n as two factors of about half the exponent each: the first product is exact, so only the second rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ScaleInTwoFactors<TSimd, TVector>(TVector a, TVector n)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector exponent = TSimd.SubtractBits(TSimd.Add(n, TSimd.Broadcast(RoundingMagic)), TSimd.BroadcastBits(RoundingMagicBits));
        TVector half = TSimd.ShiftRightBits(exponent, 1);
        TVector rest = TSimd.SubtractBits(exponent, half);
        return TSimd.Multiply(TSimd.Multiply(a, PowerOfTwo<TSimd, TVector>(half)), PowerOfTwo<TSimd, TVector>(rest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector PowerOfTwo<TSimd, TVector>(TVector exponentBits)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.ShiftLeftBits(TSimd.AddBits(exponentBits, TSimd.BroadcastBits(ExponentBias)), SignificandBits);
}
