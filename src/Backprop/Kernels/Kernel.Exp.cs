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
        Map<ExpFunction>.Run(level, x, destination);
    }
}

/// <summary>The function of <see cref="ExpOperator{TSimd, TVector}"/>.</summary>
internal readonly unsafe struct ExpFunction : IUnaryFunction
{
    public static ReadOnlySpan<float> Constants => ExpConstants.All;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<TSimd, TVector>(float* constants, float* x, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        Map.Run<TSimd, TVector, ExpOperator<TSimd, TVector>, ExpOperator<Scalar, float>>(constants, x, destination, count);
}

/// <summary>The numbers of <see cref="ExpOperator{TSimd, TVector}"/>.</summary>
internal static class ExpConstants
{
    /// <summary>e^89 is above the largest float.</summary>
    public const float Overflow = 89f;

    /// <summary>e^−104 is below half the smallest subnormal.</summary>
    public const float Underflow = -104f;

    /// <summary>ln 2 rounded to float.</summary>
    public const float Ln2High = 0.693147182464599609375f;

    /// <summary>ln 2 − <see cref="Ln2High"/>, rounded to float.</summary>
    public const float Ln2Low = -1.90465421e-9f;

    /// <summary>The float with all bits but the second one: x AND this has the bits of x where |x| &lt; 2, and is below 2 in magnitude
    /// whatever x is.</summary>
    private const float Below2 = -1.99999988f;

    private const float Log2E = 1.44269504f;

    private const float Q0 = 0.49999982f;
    private const float Q1 = 0.1666652f;
    private const float Q2 = 0.04167161f;
    private const float Q3 = 0.008368734f;
    private const float Q4 = 0.001361951f;

    /// <summary>All of them, in the order of the operator's fields.</summary>
    public static ReadOnlySpan<float> All =>
        [Overflow, Underflow, Log2E, ExponentArithmetic.RoundingMagic, -Ln2High, -Ln2Low, Q4, Q3, Q2, Q1, Q0, 1f, Below2];
}

/// <summary>e^x = 2^n (1 + t), n = round(x / ln 2), r = x − n ln 2, t = r + r² q(r).</summary>
/// <remarks>
/// q is the polynomial of degree 4 that approximates (e^r − 1 − r) / r² on |r| ≤ ln 2 / 2 with the least weighted relative error of e^r.
/// The weight is 3 for r &lt; −0.26, where the rounding of r (0.19 ULP), of t (0.25) and of 1 + t (0.5) leave the least room below 1 ULP:
/// there the approximation is off by 0.02 ULP at most, elsewhere by 0.07. Without the weight the sum of all came to 1.02 ULP.
/// </remarks>
internal readonly unsafe struct ExpOperator<TSimd, TVector> : IUnaryOperator<ExpOperator<TSimd, TVector>, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private readonly TVector _overflow, _underflow, _log2E, _magic, _minusLn2High, _minusLn2Low, _q4, _q3, _q2, _q1, _q0, _one,
        _below2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ExpOperator(float* constants)
    {
        _overflow = TSimd.Broadcast(constants[0]);
        _underflow = TSimd.Broadcast(constants[1]);
        _log2E = TSimd.Broadcast(constants[2]);
        _magic = TSimd.Broadcast(constants[3]);
        _minusLn2High = TSimd.Broadcast(constants[4]);
        _minusLn2Low = TSimd.Broadcast(constants[5]);
        _q4 = TSimd.Broadcast(constants[6]);
        _q3 = TSimd.Broadcast(constants[7]);
        _q2 = TSimd.Broadcast(constants[8]);
        _q1 = TSimd.Broadcast(constants[9]);
        _q0 = TSimd.Broadcast(constants[10]);
        _one = TSimd.Broadcast(constants[11]);
        _below2 = TSimd.Broadcast(constants[12]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ExpOperator<TSimd, TVector> Create(float* constants) => new(constants);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke(TVector x) => InvokeBelowOverflow(FromAbove(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (TVector First, TVector Second) Invoke(TVector x, TVector y) => InvokeBelowOverflow(FromAbove(x), FromAbove(y));

    /// <summary>e^x where x is known not to exceed <see cref="ExpConstants.Overflow"/>, or is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector InvokeBelowOverflow(TVector x)
    {
        (TVector t, TVector n) = Reduce(FromBelow(x));
        return TSimd.Scale(TSimd.Add(_one, t), n);
    }

    /// <summary>The same for two vectors, operation by operation: while one waits for a result the other goes on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (TVector First, TVector Second) InvokeBelowOverflow(TVector x, TVector y)
    {
        x = FromBelow(x);
        y = FromBelow(y);
        TVector n = TSimd.FusedMultiplyAddRarelyTied(x, _log2E, _magic), m = TSimd.FusedMultiplyAddRarelyTied(y, _log2E, _magic);
        n = TSimd.Subtract(n, _magic);
        m = TSimd.Subtract(m, _magic);
        TVector r = TSimd.FusedMultiplyAddRarelyTied(n, _minusLn2High, x), s = TSimd.FusedMultiplyAddRarelyTied(m, _minusLn2High, y);
        r = TSimd.FusedMultiplyAddRarelyTied(n, _minusLn2Low, r);
        s = TSimd.FusedMultiplyAddRarelyTied(m, _minusLn2Low, s);
        r = Bounded(r);
        s = Bounded(s);
        TVector p = TSimd.FusedMultiplyAddRarelyTied(_q4, r, _q3), q = TSimd.FusedMultiplyAddRarelyTied(_q4, s, _q3);
        p = TSimd.FusedMultiplyAddRarelyTied(p, r, _q2);
        q = TSimd.FusedMultiplyAddRarelyTied(q, s, _q2);
        p = TSimd.FusedMultiplyAddRarelyTied(p, r, _q1);
        q = TSimd.FusedMultiplyAddRarelyTied(q, s, _q1);
        p = TSimd.FusedMultiplyAddRarelyTied(p, r, _q0);
        q = TSimd.FusedMultiplyAddRarelyTied(q, s, _q0);
        p = TSimd.FusedMultiplyAddRarelyTied(TSimd.Multiply(r, r), p, r);
        q = TSimd.FusedMultiplyAddRarelyTied(TSimd.Multiply(s, s), q, s);
        return (TSimd.Scale(TSimd.Add(_one, p), n), TSimd.Scale(TSimd.Add(_one, q), m));
    }

    /// <summary>x, or the upper bound where the scaling needs one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector FromAbove(TVector x) => TSimd.ScalesByAnyNumber ? x : TSimd.Min(_overflow, x);

    /// <summary>x, or the lower bound where the scaling needs one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector FromBelow(TVector x) => TSimd.ScalesByAnyNumber ? x : TSimd.Max(_underflow, x);

    /// <summary>r, kept small enough where x had no bounds: then 1 + t is a positive number, and n alone makes 0, ∞ or NaN of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Bounded(TVector r) => TSimd.ScalesByAnyNumber ? TSimd.And(r, _below2) : r;

    /// <summary>t and n with e^x = 2^n (1 + t), for x between the two bounds where the scaling needs them, or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (TVector T, TVector N) Reduce(TVector x)
    {
        TVector n = TSimd.Subtract(TSimd.FusedMultiplyAddRarelyTied(x, _log2E, _magic), _magic);
        TVector r = TSimd.FusedMultiplyAddRarelyTied(n, _minusLn2High, x);
        r = Bounded(TSimd.FusedMultiplyAddRarelyTied(n, _minusLn2Low, r));
        TVector q = TSimd.FusedMultiplyAddRarelyTied(_q4, r, _q3);
        q = TSimd.FusedMultiplyAddRarelyTied(q, r, _q2);
        q = TSimd.FusedMultiplyAddRarelyTied(q, r, _q1);
        q = TSimd.FusedMultiplyAddRarelyTied(q, r, _q0);
        return (TSimd.FusedMultiplyAddRarelyTied(TSimd.Multiply(r, r), q, r), n);
    }
}
