using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Simd;

/// <summary>The multiply-adds in software against the platform's, also where the library would use the instruction.</summary>
public class SoftwareFusedMultiplyAddTests
{
    private const int BatchSize = 1 << 12;

    private const uint Infinity = 0x7F80_0000;

    private static readonly int[] Exponents =
        [-149, -148, -137, -128, -127, -126, -125, -103, -75, -24, -23, -1, 0, 1, 24, 52, 64, 103, 104, 127];

    private interface IFusedMultiplyAdd
    {
        static abstract string Name { get; }

        static abstract void Run(float[] a, float[] b, float[] c, float[] result);
    }

    [Fact]
    public void Special_values_give_the_bits_of_the_platform()
    {
        Assert.SkipUnless(Sse41.IsSupported, "needs SSE4.1");
        float[] c = [.. SpecialValues()];
        float[] a = new float[c.Length], b = new float[c.Length];
        foreach (float first in c)
        {
            foreach (float second in c)
            {
                Array.Fill(a, first);
                Array.Fill(b, second);
                AssertSame(a, b, c);
            }
        }
    }

    [Fact]
    public void Sums_at_ties_and_next_to_them_give_the_bits_of_the_platform()
    {
        Assert.SkipUnless(Sse41.IsSupported, "needs SSE4.1");
        float[] a = new float[BatchSize], b = new float[BatchSize], c = new float[BatchSize];
        for (uint bits = 0; bits <= Infinity; bits += 0x4_0000)
        {
            for (uint i = 0; i < BatchSize; i++)
                (a[i], b[i], c[i]) = NextToTie(bits + i % 16 - 8, (int)(i / 16 % 16) - 8, i / 256);
            AssertSame(a, b, c);
        }
    }

    [Fact]
    public void Random_numbers_give_the_bits_of_the_platform()
    {
        Assert.SkipUnless(Sse41.IsSupported, "needs SSE4.1");
        float[] a = new float[BatchSize], b = new float[BatchSize], c = new float[BatchSize];
        ulong state = 0;
        for (int batch = 0; batch < 100_000_000 / BatchSize; batch++)
        {
            for (int i = 0; i < BatchSize; i++)
                (a[i], b[i], c[i]) = Drawn(i % 4, Mixed(++state), Mixed(++state));
            AssertSame(a, b, c);
        }
    }

    /// <summary>Powers of two with their neighbours, the ends of every range and NaNs with a payload, of both signs.</summary>
    private static IEnumerable<float> SpecialValues()
    {
        foreach (int exponent in Exponents)
        {
            float power = MathF.ScaleB(1, exponent);
            foreach (float value in new[] { MathF.BitDecrement(power), power, MathF.BitIncrement(power), 1.5f * power })
            {
                yield return value;
                yield return -value;
            }
        }
        foreach (uint bits in new[] { Infinity - 2, Infinity - 1, Infinity, Infinity + 1, 0x7FC0_0000u, 0x7FFF_FFFFu })
        {
            yield return BitConverter.UInt32BitsToSingle(bits);
            yield return BitConverter.UInt32BitsToSingle(bits | 0x8000_0000);
        }
    }

    /// <summary>
    /// c of the given bit pattern, and a · b about half a unit in its last place, h: h (1 − step² 2⁻⁴⁶), which mostly makes a tie in double that
    /// the exact sum is not, or h (1 + step 2⁻²³)², one that double can tell from a tie more often. The signs are the variant's.
    /// </summary>
    private static (float A, float B, float C) NextToTie(uint bits, int step, uint variant)
    {
        float c = BitConverter.UInt32BitsToSingle(bits);
        int half = Math.Max((int)(bits >> 23 & 0xFF), 1) - 127 - 24;
        float ulp = MathF.ScaleB(1, -23);
        float a = MathF.ScaleB(1 + step * ulp, half / 2);
        float b = MathF.ScaleB(1 + ((variant & 1) == 0 ? -step : step) * ulp, half - half / 2);
        return ((variant & 2) == 0 ? a : -a, b, (variant & 4) == 0 ? c : -c);
    }

    private static (float A, float B, float C) Drawn(int kind, ulong first, ulong second)
    {
        uint a = (uint)first, b = (uint)(first >> 32), c = (uint)second, more = (uint)(second >> 32);
        if (kind == 0) return Numbers(a, b, c);
        // exponents near those of the product, so that sums are rounded, cancel and underflow
        (a, b) = (WithExponent(a, 24 + (more & 127)), WithExponent(b, 24 + (more >> 7 & 127)));
        int exponent = (int)((a >> 23 & 0xFF) + (b >> 23 & 0xFF)) - 127;
        c = WithExponent(c, (uint)Math.Clamp(exponent + (int)(more >> 14 & 63) - 32, 0, 254));
        if (kind == 1) return Numbers(a, b, c);
        // significands of few bits, so that sums are ties
        if (kind == 2) return Numbers(Short(a, more >> 20), Short(b, more >> 24), Short(c, more >> 28));
        float product = BitConverter.UInt32BitsToSingle(a) * BitConverter.UInt32BitsToSingle(b);
        return Numbers(a, b, (BitConverter.SingleToUInt32Bits(product) ^ 0x8000_0000) + (more >> 20 & 3) - 1);
    }

    private static (float A, float B, float C) Numbers(uint a, uint b, uint c) =>
        (BitConverter.UInt32BitsToSingle(a), BitConverter.UInt32BitsToSingle(b), BitConverter.UInt32BitsToSingle(c));

    private static uint WithExponent(uint bits, uint exponent) => bits & 0x807F_FFFF | exponent << 23;

    private static uint Short(uint bits, uint zeros) => bits & ~0u << (int)(8 + (zeros & 15));

    /// <summary>The 64 bits of SplitMix64.</summary>
    private static ulong Mixed(ulong index)
    {
        ulong z = index * 0x9E37_79B9_7F4A_7C15;
        z = (z ^ z >> 30) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ z >> 27) * 0x94D0_49BB_1331_11EB;
        return z ^ z >> 31;
    }

    private static void AssertSame(float[] a, float[] b, float[] c)
    {
        float[] expected = new float[a.Length];
        for (int i = 0; i < expected.Length; i++)
            expected[i] = MathF.FusedMultiplyAdd(a[i], b[i], c[i]);
        AssertSame<OneLane>(a, b, c, expected);
        AssertSame<FourLanes>(a, b, c, expected);
        AssertSame<FourLanesRarelyTied>(a, b, c, expected);
        AssertSame<FourLanesInHalves>(a, b, c, expected);
        AssertSame<FourLanesInHalvesRarelyTied>(a, b, c, expected);
    }

    private static void AssertSame<TMultiplyAdd>(float[] a, float[] b, float[] c, float[] expected)
        where TMultiplyAdd : struct, IFusedMultiplyAdd
    {
        float[] actual = new float[expected.Length];
        TMultiplyAdd.Run(a, b, c, actual);
        int i = Bits.FirstDifference(expected, actual);
        if (i >= 0)
            Assert.Fail($"{TMultiplyAdd.Name}: {Bits.Show(a[i])} · {Bits.Show(b[i])} + {Bits.Show(c[i])} is {Bits.Show(actual[i])}, "
                + $"expected {Bits.Show(expected[i])}");
    }

    private static Span<Vector128<float>> Vectors(float[] values) => MemoryMarshal.Cast<float, Vector128<float>>(values.AsSpan());

    private readonly struct OneLane : IFusedMultiplyAdd
    {
        public static string Name => "one lane";

        public static void Run(float[] a, float[] b, float[] c, float[] result)
        {
            for (int i = 0; i < result.Length; i++)
                result[i] = SoftwareFusedMultiplyAdd.Compute(a[i], b[i], c[i]);
        }
    }

    private readonly struct FourLanes : IFusedMultiplyAdd
    {
        public static string Name => "four lanes";

        public static void Run(float[] a, float[] b, float[] c, float[] result)
        {
            for (int i = 0; i < Vectors(result).Length; i++)
                Vectors(result)[i] = SoftwareFusedMultiplyAdd.Compute(Vectors(a)[i], Vectors(b)[i], Vectors(c)[i]);
        }
    }

    private readonly struct FourLanesRarelyTied : IFusedMultiplyAdd
    {
        public static string Name => "four lanes, rarely tied";

        public static void Run(float[] a, float[] b, float[] c, float[] result)
        {
            for (int i = 0; i < Vectors(result).Length; i++)
                Vectors(result)[i] = SoftwareFusedMultiplyAdd.ComputeRarelyTied(Vectors(a)[i], Vectors(b)[i], Vectors(c)[i]);
        }
    }

    private readonly struct FourLanesInHalves : IFusedMultiplyAdd
    {
        public static string Name => "four lanes in halves";

        public static void Run(float[] a, float[] b, float[] c, float[] result)
        {
            for (int i = 0; i < Vectors(result).Length; i++)
                Vectors(result)[i] = SoftwareFusedMultiplyAdd.ComputeInHalves(Vectors(a)[i], Vectors(b)[i], Vectors(c)[i]);
        }
    }

    private readonly struct FourLanesInHalvesRarelyTied : IFusedMultiplyAdd
    {
        public static string Name => "four lanes in halves, rarely tied";

        public static void Run(float[] a, float[] b, float[] c, float[] result)
        {
            for (int i = 0; i < Vectors(result).Length; i++)
                Vectors(result)[i] = SoftwareFusedMultiplyAdd.ComputeInHalvesRarelyTied(Vectors(a)[i], Vectors(b)[i], Vectors(c)[i]);
        }
    }
}
