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
        Map<LogFunction>.Run(level, x, destination);
    }

    /// <summary>ln x of one number, by the same operations at one lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static unsafe float Log(float x) => LogOperator<Scalar, float>.Create(Map.Table(LogConstants.All)).Invoke(x);
}

/// <summary>The function of <see cref="LogOperator{TSimd, TVector}"/>.</summary>
internal readonly unsafe struct LogFunction : IUnaryFunction
{
    public static ReadOnlySpan<float> Constants => LogConstants.All;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TSimd, TVector>(float* constants, float* x, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        Map.Run<TSimd, TVector, LogOperator<TSimd, TVector>, LogOperator<Scalar, float>>(constants, x, destination, count);
}

/// <summary>The numbers of <see cref="LogOperator{TSimd, TVector}"/>.</summary>
internal static class LogConstants
{
    public const float SmallestNormal = 1.17549435e-38f;
    public const uint NormalBitPatterns = 0x7F800000 - 0x00800000;
    public const float TwoTo23 = 8388608f;
    public const int SignificandBits = 23;

    /// <summary>The bits of the significand, 0x007FFFFF, read as a float.</summary>
    private const float SignificandMask = 1.17549421e-38f;

    private const float RootHalf = 0.70710677f;
    private const float P0 = 0.333333317f;
    private const float P1 = -0.250008210f;
    private const float P2 = 0.200012270f;
    private const float P3 = -0.166233574f;
    private const float P4 = 0.142017566f;
    private const float P5 = -0.131601800f;
    private const float P6 = 0.127615856f;
    private const float P7 = -0.0763451286f;

    /// <summary>All of them, in the order of the operator's fields.</summary>
    public static ReadOnlySpan<float> All =>
    [
        SmallestNormal, RootHalf, SignificandMask, 1f, ExpConstants.Ln2High, ExpConstants.Ln2Low, -0.5f,
        P7, P6, P5, P4, P3, P2, P1, P0,
    ];
}

/// <summary>ln x = n ln 2 + (f − f²/2 + f³ p(f)), x = 2^n (1 + f).</summary>
/// <remarks>
/// p is the polynomial of degree 7 that approximates (ln(1 + f) − f + f²/2) / f³ with the least relative error of ln(1 + f), 5.9 · 10⁻⁹
/// or 0.1 ULP.
/// </remarks>
internal readonly unsafe struct LogOperator<TSimd, TVector> : IUnaryOperator<LogOperator<TSimd, TVector>, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private readonly TVector _smallestNormal, _rootHalf, _significandMask, _one, _ln2High, _ln2Low, _minusHalf;
    private readonly TVector _p7, _p6, _p5, _p4, _p3, _p2, _p1, _p0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LogOperator(float* constants)
    {
        _smallestNormal = TSimd.Broadcast(constants[0]);
        _rootHalf = TSimd.Broadcast(constants[1]);
        _significandMask = TSimd.Broadcast(constants[2]);
        _one = TSimd.Broadcast(constants[3]);
        _ln2High = TSimd.Broadcast(constants[4]);
        _ln2Low = TSimd.Broadcast(constants[5]);
        _minusHalf = TSimd.Broadcast(constants[6]);
        _p7 = TSimd.Broadcast(constants[7]);
        _p6 = TSimd.Broadcast(constants[8]);
        _p5 = TSimd.Broadcast(constants[9]);
        _p4 = TSimd.Broadcast(constants[10]);
        _p3 = TSimd.Broadcast(constants[11]);
        _p2 = TSimd.Broadcast(constants[12]);
        _p1 = TSimd.Broadcast(constants[13]);
        _p0 = TSimd.Broadcast(constants[14]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LogOperator<TSimd, TVector> Create(float* constants) => new(constants);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke(TVector x)
    {
        // bit patterns from the smallest normal number to the largest: one comparison finds that nothing below has to be mended
        TVector fromSmallestNormal = TSimd.SubtractBits(x, _smallestNormal);
        return TSimd.AllBitsBelow(fromSmallestNormal, LogConstants.NormalBitPatterns) ? OfNormal(x, TSimd.Zero) : OfAny(x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (TVector First, TVector Second) Invoke(TVector x, TVector y) => (Invoke(x), Invoke(y));

    /// <summary>ln x where a lane is subnormal, zero, negative, infinite or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector OfAny(TVector x)
    {
        TVector tiny = TSimd.LessThan(x, _smallestNormal);
        TVector normal = TSimd.Select(tiny, TSimd.Multiply(x, TSimd.Broadcast(LogConstants.TwoTo23)), x);
        TVector shift = TSimd.And(tiny, TSimd.Broadcast(LogConstants.SignificandBits));
        return Exceptional(x, OfNormal(normal, shift));
    }

    /// <summary>ln(x / 2^shift) for positive normal x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector OfNormal(TVector x, TVector shift)
    {
        TVector fromRootHalf = TSimd.SubtractBits(x, _rootHalf);
        TVector n = TSimd.IntegerBitsToSingle(TSimd.ShiftRightBits(fromRootHalf, LogConstants.SignificandBits));
        TVector f = TSimd.Subtract(TSimd.AddBits(TSimd.And(fromRootHalf, _significandMask), _rootHalf), _one);
        return FromParts(TSimd.Subtract(n, shift), f);
    }

    /// <summary>n ln 2 + ln(1 + f), the small terms first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector FromParts(TVector n, TVector f)
    {
        TVector p = TSimd.FusedMultiplyAddRarelyTied(_p7, f, _p6);
        p = TSimd.FusedMultiplyAddRarelyTied(p, f, _p5);
        p = TSimd.FusedMultiplyAddRarelyTied(p, f, _p4);
        p = TSimd.FusedMultiplyAddRarelyTied(p, f, _p3);
        p = TSimd.FusedMultiplyAddRarelyTied(p, f, _p2);
        p = TSimd.FusedMultiplyAddRarelyTied(p, f, _p1);
        p = TSimd.FusedMultiplyAddRarelyTied(p, f, _p0);
        TVector square = TSimd.Multiply(f, f);
        TVector small = TSimd.FusedMultiplyAddRarelyTied(TSimd.Multiply(square, f), p, TSimd.Multiply(n, _ln2Low));
        small = TSimd.FusedMultiplyAdd(square, _minusHalf, small);
        return TSimd.FusedMultiplyAdd(n, _ln2High, TSimd.Add(f, small));
    }

    /// <summary>Puts the results of ±0, +∞, negative numbers and NaN in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Exceptional(TVector x, TVector logarithm)
    {
        TVector infinity = TSimd.Broadcast(float.PositiveInfinity);
        TVector positive = TSimd.LessThan(TSimd.Zero, x);
        TVector finite = TSimd.LessThan(x, infinity);
        TVector result = TSimd.Select(TSimd.And(positive, finite), logarithm, TSimd.Broadcast(float.NaN));
        result = TSimd.Select(TSimd.Equal(x, infinity), infinity, result);
        return TSimd.Select(TSimd.Equal(x, TSimd.Zero), TSimd.Broadcast(float.NegativeInfinity), result);
    }
}
