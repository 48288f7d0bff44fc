using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Simd;

/// <summary>a · b + c rounded once, for x64 without the instruction: the same bits for every input, a NaN for a NaN.</summary>
/// <remarks>
/// <para>
/// The product p of two floats has at most 48 significant bits and is exact in double, but p + c is rounded to double and then to float.
/// The second rounding is wrong only where the first made a tie of the float grid out of a number next to one. So the sum is rounded to
/// odd instead: where it is no double, to that one of its two neighbours whose last bit is 1. That is no tie, a tie being a double with
/// many zeros at the end, and it lies on the side of the tie where the exact sum lies. Subnormal results and overflow are no exception.
/// </para>
/// <para>
/// With s the sum rounded to nearest and e = p + c − s, the sum rounded to odd is s where e = 0, and else s rounded towards zero with its
/// last bit set. Only the sign of e is needed: (c − (s − p)) + (p − (s − c)) has it. The term that subtracts the larger of p and c first is e
/// itself (Dekker 1971); the inner difference of the other, s − p = c − e or s − c = p − e, is rounded to a number on that side of c or p or to
/// it, so that this term has the sign of e or is 0. p and c are 0 or from 2⁻²⁹⁸ to 2²⁵⁶, and so are sums and errors: s · e neither
/// overflows nor underflows.
/// </para>
/// <para>
/// Rounding to odd in every lane takes the same time for all numbers. It is faster to convert what s times 1 ± 2⁻⁵² is rounded to, one of the next
/// doubles on either side of s at least, and to round to odd only if the two floats differ: else no tie is near. That loses where
/// ties are frequent, as they are in sums of numbers with few bits, because the branch is mispredicted. A product of 96×96×96 takes
/// 2.1 ns for four multiply-adds without a branch; with one 1.3 ns, but 8.4 ns if the elements of A are multiples of 1/16 (Zen 5,
/// AVX; a call for each lane 16.6 ns).
/// </para>
/// <para>Source: Boldo and Melquiond 2008, "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd".</para>
/// </remarks>
internal static class SoftwareFusedMultiplyAdd
{
    /// <summary>The product of this and a double is the next double towards zero.</summary>
    private const double TowardsZero = 1 - Ulp / 2;

    /// <summary>The product of this and a double is the next double away from zero, or the one after it.</summary>
    private const double FromZero = 1 + Ulp;

    private const double Ulp = 1 / 4503599627370496d;

    /// <summary>Whether <see cref="Compute(Vector128{float}, Vector128{float}, Vector128{float})"/> can run here.</summary>
    public static bool IsSupported => Sse41.IsSupported;

    /// <summary>a · b + addend in four lanes; where AVX has vectors of four doubles, in the same time for all numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Compute(Vector128<float> a, Vector128<float> b, Vector128<float> addend) =>
        Avx.IsSupported
            ? Avx.ConvertToVector128Single(SumToOdd(
                Avx.Multiply(Avx.ConvertToVector256Double(a), Avx.ConvertToVector256Double(b)), Avx.ConvertToVector256Double(addend)))
            : ComputeInHalves(a, b, addend);

    /// <summary>a · b + addend in four lanes, faster where the exact sum is rarely a tie of the float grid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ComputeRarelyTied(Vector128<float> a, Vector128<float> b, Vector128<float> addend)
    {
        if (!Avx.IsSupported) return ComputeInHalves(a, b, addend);
        Vector256<double> p = Avx.Multiply(Avx.ConvertToVector256Double(a), Avx.ConvertToVector256Double(b));
        Vector256<double> c = Avx.ConvertToVector256Double(addend);
        Vector256<double> s = Avx.Add(p, c);
        Vector128<float> near = Avx.ConvertToVector128Single(Avx.Multiply(s, Vector256.Create(TowardsZero)));
        Vector128<float> result = Avx.ConvertToVector128Single(Avx.Multiply(s, Vector256.Create(FromZero)));
        // in line, though it is rare: a call would have the constants of an exponential on the stack, which costs a quarter of its time
        if (Differ(near, result)) result = Avx.ConvertToVector128Single(SumToOdd(p, c));
        return result;
    }

    /// <summary>a · b + addend in four lanes with SSE alone, whose vectors are of two doubles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ComputeInHalves(Vector128<float> a, Vector128<float> b, Vector128<float> addend)
    {
        Vector128<double> lower = Vector128.WidenLower(a) * Vector128.WidenLower(b) + Vector128.WidenLower(addend);
        Vector128<double> upper = Vector128.WidenUpper(a) * Vector128.WidenUpper(b) + Vector128.WidenUpper(addend);
        Vector128<float> near = Vector128.Narrow(lower * TowardsZero, upper * TowardsZero);
        Vector128<float> result = Vector128.Narrow(lower * FromZero, upper * FromZero);
        if (Differ(near, result)) result = ComputeInHalvesToOdd(a, b, addend);
        return result;
    }

    /// <summary>a · b + addend.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Compute(float a, float b, float addend)
    {
        double p = (double)a * b;
        double s = p + addend;
        float result = (float)(s * FromZero);
        if ((float)(s * TowardsZero) != result) result = ComputeToOdd(p, addend);
        return result;
    }

    /// <summary>Whether a lane differs or is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Differ(Vector128<float> a, Vector128<float> b) => Sse.MoveMask(Sse.CompareNotEqual(a, b)) != 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<float> ComputeInHalvesToOdd(Vector128<float> a, Vector128<float> b, Vector128<float> addend) =>
        Vector128.Narrow(
            SumToOdd(Vector128.WidenLower(a) * Vector128.WidenLower(b), Vector128.WidenLower(addend)),
            SumToOdd(Vector128.WidenUpper(a) * Vector128.WidenUpper(b), Vector128.WidenUpper(addend)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float ComputeToOdd(double p, double c) =>
        (float)SumToOdd(Vector128.CreateScalar(p), Vector128.CreateScalar(c)).ToScalar();

    /// <summary>p + c rounded to odd. Instructions by name: the operators of Vector256 are calls without AVX2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> SumToOdd(Vector256<double> p, Vector256<double> c)
    {
        Vector256<double> s = Avx.Add(p, c);
        Vector256<double> error = Avx.Add(Avx.Subtract(c, Avx.Subtract(s, p)), Avx.Subtract(p, Avx.Subtract(s, c)));
        Vector256<double> side = Avx.Multiply(s, error);
        // by the sign of side: where it is a zero, s is taken below
        Vector256<double> truncated = Avx.BlendVariable(s, Avx.Multiply(s, Vector256.Create(TowardsZero)), side);
        Vector256<double> odd = Avx.Or(truncated, Vector256.Create(1L).AsDouble());
        // NaN where s is infinite
        Vector256<double> inexact = Avx.Compare(side, Vector256<double>.Zero, FloatComparisonMode.OrderedNotEqualNonSignaling);
        return Avx.BlendVariable(s, odd, inexact);
    }

    /// <inheritdoc cref="SumToOdd(Vector256{double}, Vector256{double})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> SumToOdd(Vector128<double> p, Vector128<double> c)
    {
        Vector128<double> s = p + c;
        Vector128<double> side = s * ((c - (s - p)) + (p - (s - c)));
        Vector128<double> below = Vector128.LessThan(side, Vector128<double>.Zero);
        Vector128<double> above = Vector128.GreaterThan(side, Vector128<double>.Zero);
        Vector128<double> truncated = Vector128.ConditionalSelect(below, s * TowardsZero, s);
        return truncated | ((below | above) & Vector128.Create(1L).AsDouble());
    }
}
