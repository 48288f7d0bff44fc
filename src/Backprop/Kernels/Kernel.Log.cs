using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>The natural logarithm ln x, element by element.</summary>
    /// <remarks>
    /// <para>Error below 1 ULP for every float, subnormal ones included, the same bits at every <see cref="SimdLevel"/>. ln 1 = +0,
    /// ln ±0 = −∞, ln +∞ = +∞; a negative argument or NaN gives NaN.</para>
    /// <para>Source: x = 2^n (1 + f) with 1 + f in [√½, √2), ln x = n ln 2 + f − f²/2 + f³ p(f) (the arrangement of S. Moshier's Cephes
    /// library, 1984), with a minimax p.</para>
    /// </remarks>
    /// <param name="x">The arguments, in any order of storage.</param>
    /// <param name="destination">As many elements as <paramref name="x"/>; may be the same span, but not overlap it in part.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length than <paramref name="x"/> or overlaps it in
    /// part.</exception>
    public static void Log(ReadOnlySpan<float> x, Span<float> destination) => Log(SimdSupport.Current, x, destination);

    internal static void Log(SimdLevel level, ReadOnlySpan<float> x, Span<float> destination)
    {
        Check.Length(destination.Length, x.Length, nameof(destination));
        Check.SameOrApart(x, destination, nameof(x));
        Map<LogOperator>.Run(level, x, destination);
    }
}

/// <summary>ln x = n ln 2 + (f − f²/2 + f³ p(f)), x = 2^n (1 + f).</summary>
/// <remarks>
/// p is the polynomial of degree 7 that approximates (ln(1 + f) − f + f²/2) / f³ with the least relative error of ln(1 + f), 5.9 · 10⁻⁹
/// or 0.1 ULP.
/// </remarks>
internal readonly struct LogOperator : IUnaryOperator
{
    private const float SmallestNormal = 1.17549435e-38f;
    private const int SmallestNormalBits = 0x00800000;
    private const int InfinityBits = 0x7F800000;
    private const float TwoTo23 = 8388608f;
    private const int RootHalfBits = 0x3F3504F3;
    private const int SignificandBits = 23;
    private const int SignificandMask = 0x007FFFFF;

    private const float P0 = 0.333333317f;
    private const float P1 = -0.250008210f;
    private const float P2 = 0.200012270f;
    private const float P3 = -0.166233574f;
    private const float P4 = 0.142017566f;
    private const float P5 = -0.131601800f;
    private const float P6 = 0.127615856f;
    private const float P7 = -0.0763451286f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        // bit patterns from the smallest normal number to the largest: one comparison finds that nothing below has to be mended
        TVector fromSmallestNormal = TSimd.SubtractBits(x, TSimd.BroadcastBits(SmallestNormalBits));
        if (TSimd.AllBitsBelow(fromSmallestNormal, InfinityBits - SmallestNormalBits)) return OfNormal<TSimd, TVector>(x, TSimd.Zero);
        TVector tiny = TSimd.LessThan(x, TSimd.Broadcast(SmallestNormal));
        TVector normal = TSimd.Select(tiny, TSimd.Multiply(x, TSimd.Broadcast(TwoTo23)), x);
        TVector logarithm = OfNormal<TSimd, TVector>(normal, TSimd.And(tiny, TSimd.Broadcast(SignificandBits)));
        return Exceptional<TSimd, TVector>(x, logarithm);
    }

    /// <summary>ln(x / 2^shift) for positive normal x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector OfNormal<TSimd, TVector>(TVector x, TVector shift)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector fromRootHalf = TSimd.SubtractBits(x, TSimd.BroadcastBits(RootHalfBits));
        TVector n = TSimd.IntegerBitsToSingle(TSimd.ShiftRightBits(fromRootHalf, SignificandBits));
        TVector significand = TSimd.And(fromRootHalf, TSimd.BroadcastBits(SignificandMask));
        TVector f = TSimd.Subtract(TSimd.AddBits(significand, TSimd.BroadcastBits(RootHalfBits)), TSimd.Broadcast(1f));
        return FromParts<TSimd, TVector>(TSimd.Subtract(n, shift), f);
    }

    /// <summary>n ln 2 + ln(1 + f), the small terms first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector FromParts<TSimd, TVector>(TVector n, TVector f)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector p = TSimd.Broadcast(P7);
        p = TSimd.FusedMultiplyAdd(p, f, TSimd.Broadcast(P6));
        p = TSimd.FusedMultiplyAdd(p, f, TSimd.Broadcast(P5));
        p = TSimd.FusedMultiplyAdd(p, f, TSimd.Broadcast(P4));
        p = TSimd.FusedMultiplyAdd(p, f, TSimd.Broadcast(P3));
        p = TSimd.FusedMultiplyAdd(p, f, TSimd.Broadcast(P2));
        p = TSimd.FusedMultiplyAdd(p, f, TSimd.Broadcast(P1));
        p = TSimd.FusedMultiplyAdd(p, f, TSimd.Broadcast(P0));
        TVector square = TSimd.Multiply(f, f);
        TVector small = TSimd.FusedMultiplyAdd(TSimd.Multiply(square, f), p, TSimd.Multiply(n, TSimd.Broadcast(ExpOperator.Ln2Low)));
        small = TSimd.FusedMultiplyAdd(square, TSimd.Broadcast(-0.5f), small);
        return TSimd.FusedMultiplyAdd(n, TSimd.Broadcast(ExpOperator.Ln2High), TSimd.Add(f, small));
    }

    /// <summary>Puts the results of ±0, +∞, negative numbers and NaN in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Exceptional<TSimd, TVector>(TVector x, TVector logarithm)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector infinity = TSimd.Broadcast(float.PositiveInfinity);
        TVector positive = TSimd.LessThan(TSimd.Zero, x);
        TVector finite = TSimd.LessThan(x, infinity);
        TVector result = TSimd.Select(TSimd.And(positive, finite), logarithm, TSimd.Broadcast(float.NaN));
        result = TSimd.Select(TSimd.Equal(x, infinity), infinity, result);
        return TSimd.Select(TSimd.Equal(x, TSimd.Zero), TSimd.Broadcast(float.NegativeInfinity), result);
    }
}
