using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>e^x, element by element.</summary>
    /// <remarks>
    /// <para>Error below 1 ULP for every float, the same bits at every <see cref="SimdLevel"/>. exp(±0) = 1, exp(−∞) = 0, exp(+∞) = +∞;
    /// above 88.7228 the result is +∞, below −87.3365 it is subnormal and below −103.97 it is 0. NaN gives NaN.</para>
    /// <para>Source: range reduction x = n ln 2 + r with a two-part ln 2 (W. J. Cody and W. Waite, <i>Software Manual for the
    /// Elementary Functions</i>, 1980) and a minimax polynomial in r.</para>
    /// </remarks>
    /// <param name="x">The arguments, in any order of storage.</param>
    /// <param name="destination">As many elements as <paramref name="x"/>; may be the same span, but not overlap it in part.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length than <paramref name="x"/> or overlaps it in
    /// part.</exception>
    public static void Exp(ReadOnlySpan<float> x, Span<float> destination) => Exp(SimdSupport.Current, x, destination);

    internal static void Exp(SimdLevel level, ReadOnlySpan<float> x, Span<float> destination)
    {
        Check.Length(destination.Length, x.Length, nameof(destination));
        Check.SameOrApart(x, destination, nameof(x));
        Map<ExpOperator>.Run(level, x, destination);
    }
}

/// <summary>e^x = 2^n (1 + t), n = round(x / ln 2), r = x − n ln 2, t = r + r² q(r).</summary>
/// <remarks>
/// q is the polynomial of degree 4 that approximates (e^r − 1 − r) / r² on |r| ≤ ln 2 / 2 with the least weighted relative error of e^r.
/// The weight is 3 for r &lt; −0.26, where the rounding of r (0.19 ULP), of t (0.25) and of 1 + t (0.5) leave the least room below 1 ULP:
/// there the approximation is off by 0.02 ULP at most, elsewhere by 0.07. Without the weight the sum of all came to 1.02 ULP.
/// </remarks>
internal readonly struct ExpOperator : IUnaryOperator
{
    /// <summary>e^89 is above the largest float.</summary>
    public const float Overflow = 89f;

    /// <summary>e^−104 is below half the smallest subnormal.</summary>
    public const float Underflow = -104f;

    /// <summary>ln 2 rounded to float.</summary>
    public const float Ln2High = 0.693147182464599609375f;

    /// <summary>ln 2 − <see cref="Ln2High"/>, rounded to float.</summary>
    public const float Ln2Low = -1.90465421e-9f;

    private const float Log2E = 1.44269504f;

    private const float Q0 = 0.49999982f;
    private const float Q1 = 0.1666652f;
    private const float Q2 = 0.04167161f;
    private const float Q3 = 0.008368734f;
    private const float Q4 = 0.001361951f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Invoke<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => InvokeBelowOverflow<TSimd, TVector>(TSimd.Min(TSimd.Broadcast(Overflow), x));

    /// <summary>e^x where x is known not to exceed <see cref="Overflow"/>, or is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector InvokeBelowOverflow<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        (TVector t, TVector n) = Reduce<TSimd, TVector>(TSimd.Max(TSimd.Broadcast(Underflow), x));
        return TSimd.Scale(TSimd.Add(TSimd.Broadcast(1f), t), n);
    }

    /// <summary>t and n with e^x = 2^n (1 + t), for x between the two bounds or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector T, TVector N) Reduce<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector magic = TSimd.Broadcast(ExponentArithmetic.RoundingMagic);
        TVector n = TSimd.Subtract(TSimd.FusedMultiplyAdd(x, TSimd.Broadcast(Log2E), magic), magic);
        TVector r = TSimd.FusedMultiplyAdd(n, TSimd.Broadcast(-Ln2High), x);
        r = TSimd.FusedMultiplyAdd(n, TSimd.Broadcast(-Ln2Low), r);
        TVector q = TSimd.Broadcast(Q4);
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Broadcast(Q3));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Broadcast(Q2));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Broadcast(Q1));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Broadcast(Q0));
        return (TSimd.FusedMultiplyAdd(TSimd.Multiply(r, r), q, r), n);
    }
}
