using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Simd;

/// <summary>a · b + c rounded once, for x64 with SSE4.1 but without the instruction: the same bits for every input, a NaN for a NaN.</summary>
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
/// Rounding to odd in every lane takes the same time for all numbers. It is faster to convert s (1 − 2⁻⁵³) and s (1 + 2⁻⁵²), doubles next to s
/// on either side or the ones behind, and to round to odd only where the two floats differ: elsewhere no tie is near. That loses where ties are
/// frequent, as in sums of numbers with few bits, because the branch is mispredicted. A product of 96 × 96 × 96 takes 2.0 ns for four
/// multiply-adds without a branch; with it 1.3 ns, and 8.4 ns where the elements of A are multiples of 1/16 (Zen 5 held to AVX; with a
/// call for each lane 16.6 ns). With vectors of two doubles the way without a branch takes 4.7 ns and the other 2.1 to 12.8 ns.
/// </para>
/// <para>
/// What four lanes in AVX need is written out in one method each: the compiler inlines only so much into one loop, by the length of the source,
/// and a sigmoid with methods for the parts took 11 ns for an element instead of 8.
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

    /// <summary>a · b + addend in four lanes; where AVX has vectors of four doubles, in the same time for all numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Compute(Vector128<float> a, Vector128<float> b, Vector128<float> addend)
    {
        if (!Avx.IsSupported) return ComputeInHalves(a, b, addend);
        // instructions by name: the operators of Vector256 are calls without AVX2
        Vector256<double> p = Avx.Multiply(Avx.ConvertToVector256Double(a), Avx.ConvertToVector256Double(b));
        Vector256<double> c = Avx.ConvertToVector256Double(addend);
        Vector256<double> s = Avx.Add(p, c);
        Vector256<double> side = Avx.Multiply(s, Avx.Add(Avx.Subtract(c, Avx.Subtract(s, p)), Avx.Subtract(p, Avx.Subtract(s, c))));
        // by the sign of side: where it is a zero, s is taken below
        Vector256<double> truncated = Avx.BlendVariable(s, Avx.Multiply(s, Vector256.Create(TowardsZero)), side);
        // a NaN, which side is where s is infinite, counts as exact
        Vector256<double> inexact = Avx.Compare(side, Vector256<double>.Zero, FloatComparisonMode.OrderedNotEqualNonSignaling);
        return Avx.ConvertToVector128Single(Avx.BlendVariable(s, Avx.Or(truncated, Vector256.Create(1L).AsDouble()), inexact));
    }

    /// <summary>a · b + addend in four lanes, faster where the exact sum is rarely a tie of the float grid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ComputeRarelyTied(Vector128<float> a, Vector128<float> b, Vector128<float> addend)
    {
        if (!Avx.IsSupported) return ComputeInHalvesRarelyTied(a, b, addend);
        Vector256<double> p = Avx.Multiply(Avx.ConvertToVector256Double(a), Avx.ConvertToVector256Double(b));
        Vector256<double> c = Avx.ConvertToVector256Double(addend);
        Vector256<double> s = Avx.Add(p, c);
        Vector256<double> truncated = Avx.Multiply(s, Vector256.Create(TowardsZero));
        Vector128<float> result = Avx.ConvertToVector128Single(Avx.Multiply(s, Vector256.Create(FromZero)));
        // taken for NaN too; in line, because a call would put what the loop keeps in registers on the stack
        if (Sse.MoveMask(Sse.CompareNotEqual(result, Avx.ConvertToVector128Single(truncated))) != 0)
        {
            Vector256<double> side = Avx.Multiply(s, Avx.Add(Avx.Subtract(c, Avx.Subtract(s, p)), Avx.Subtract(p, Avx.Subtract(s, c))));
            truncated = Avx.BlendVariable(s, truncated, side);
            Vector256<double> inexact = Avx.Compare(side, Vector256<double>.Zero, FloatComparisonMode.OrderedNotEqualNonSignaling);
            result = Avx.ConvertToVector128Single(Avx.BlendVariable(s, Avx.Or(truncated, Vector256.Create(1L).AsDouble()), inexact));
        }
        return result;
    }

    /// <summary>a · b + addend in four lanes with SSE alone, whose vectors are of two doubles, in the same time for all numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ComputeInHalves(Vector128<float> a, Vector128<float> b, Vector128<float> addend) =>
        Vector128.Narrow(
            SumToOdd(Vector128.WidenLower(a) * Vector128.WidenLower(b), Vector128.WidenLower(addend)),
            SumToOdd(Vector128.WidenUpper(a) * Vector128.WidenUpper(b), Vector128.WidenUpper(addend)));

    /// <summary>a · b + addend in four lanes with SSE alone, faster where the exact sum is rarely a tie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ComputeInHalvesRarelyTied(Vector128<float> a, Vector128<float> b, Vector128<float> addend)
    {
        Vector128<double> lower = Vector128.WidenLower(a) * Vector128.WidenLower(b) + Vector128.WidenLower(addend);
        Vector128<double> upper = Vector128.WidenUpper(a) * Vector128.WidenUpper(b) + Vector128.WidenUpper(addend);
        Vector128<float> near = Vector128.Narrow(lower * TowardsZero, upper * TowardsZero);
        Vector128<float> result = Vector128.Narrow(lower * FromZero, upper * FromZero);
        if (Sse.MoveMask(Sse.CompareNotEqual(near, result)) != 0) result = CallInHalves(a, b, addend);
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<float> CallInHalves(Vector128<float> a, Vector128<float> b, Vector128<float> addend) =>
        ComputeInHalves(a, b, addend);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float ComputeToOdd(double p, double c) =>
        (float)SumToOdd(Vector128.CreateScalar(p), Vector128.CreateScalar(c)).ToScalar();

    /// <summary>p + c rounded to odd.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> SumToOdd(Vector128<double> p, Vector128<double> c)
    {
        Vector128<double> s = p + c;
        Vector128<double> side = s * ((c - (s - p)) + (p - (s - c)));
        Vector128<double> truncated = Sse41.BlendVariable(s, s * TowardsZero, side);
        Vector128<double> inexact = Sse2.CompareLessThan(Vector128<double>.Zero, Vector128.Abs(side));
        return Sse41.BlendVariable(s, truncated | Vector128.Create(1L).AsDouble(), inexact);
    }
}
