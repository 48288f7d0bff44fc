using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Simd;

/// <summary>Every operation of every witness, lane by lane, against the same operation on one number.</summary>
public unsafe class WitnessTests
{
    private const int MaxWidth = 16;

    [Fact]
    public void Operations_round_as_one_number_does_at_every_width()
    {
        foreach (IWitnessCheck check in Witnesses())
            for (int seed = 0; seed < 200; seed++)
                check.Arithmetic(seed);
    }

    [Fact]
    public void Extrema_let_a_NaN_in_the_second_operand_through_at_every_width()
    {
        foreach (IWitnessCheck check in Witnesses())
            for (int seed = 0; seed < 200; seed++)
                check.Extrema(seed);
    }

    [Fact]
    public void Bit_operations_work_lane_by_lane_at_every_width()
    {
        foreach (IWitnessCheck check in Witnesses())
            for (int seed = 0; seed < 200; seed++)
                check.BitOperations(seed);
    }

    [Fact]
    public void Masks_reach_the_first_lanes_alone_at_every_width()
    {
        foreach (IWitnessCheck check in Witnesses())
            check.Masks();
    }

    [Fact]
    public void Bytes_become_numbers_at_every_width()
    {
        foreach (IWitnessCheck check in Witnesses())
            check.Bytes();
    }

    [Fact]
    public void Scale_rounds_once_over_its_whole_range_at_every_width()
    {
        foreach (IWitnessCheck check in Witnesses())
            check.Scale();
    }

    [Fact]
    public void Sums_of_lanes_are_one_tree_at_every_width()
    {
        foreach (IWitnessCheck check in Witnesses())
            check.Reductions();
    }

    [Fact]
    public void Four_sums_of_lanes_are_the_trees_of_each_at_every_width()
    {
        foreach (IWitnessCheck check in Witnesses())
            check.FourReductions();
    }

    [Fact]
    public void Levels_and_widths_belong_together()
    {
        Assert.Equal((SimdLevel.Scalar, 1), (Scalar.Level, Scalar.Width));
        Assert.Equal((SimdLevel.V128, 4), (Simd128.Level, Simd128.Width));
        Assert.Equal((SimdLevel.V256, 8), (Simd256.Level, Simd256.Width));
        Assert.Equal((SimdLevel.V512, 16), (Simd512.Level, Simd512.Width));
    }

    private static IWitnessCheck[] Witnesses() =>
    [
        new WitnessCheck<Scalar, float>(), new WitnessCheck<Simd128, Vector128<float>>(), new WitnessCheck<Simd256, Vector256<float>>(),
        new WitnessCheck<Simd512, Vector512<float>>(),
    ];

    private interface IWitnessCheck
    {
        void Arithmetic(int seed);

        void Extrema(int seed);

        void BitOperations(int seed);

        void Masks();

        void Bytes();

        void Scale();

        void Reductions();

        void FourReductions();
    }

    private sealed class WitnessCheck<TSimd, TVector> : IWitnessCheck
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        public void Arithmetic(int seed)
        {
            float[] a = Inputs.WithSpecialValues(seed, MaxWidth);
            float[] b = Inputs.WithSpecialValues(seed + 1_000, MaxWidth);
            float[] c = Inputs.WithSpecialValues(seed + 2_000, MaxWidth);
            (TVector x, TVector y, TVector z) = (Vector(a), Vector(b), Vector(c));
            AssertLanes("a + b", TSimd.Add(x, y), lane => a[lane] + b[lane]);
            AssertLanes("a − b", TSimd.Subtract(x, y), lane => a[lane] - b[lane]);
            AssertLanes("a · b", TSimd.Multiply(x, y), lane => a[lane] * b[lane]);
            AssertLanes("a / b", TSimd.Divide(x, y), lane => a[lane] / b[lane]);
            AssertLanes("√a", TSimd.SquareRoot(x), lane => MathF.Sqrt(a[lane]));
            AssertLanes("fma", TSimd.FusedMultiplyAdd(x, y, z), lane => MathF.FusedMultiplyAdd(a[lane], b[lane], c[lane]));
            AssertLanes("fma, rarely tied", TSimd.FusedMultiplyAddRarelyTied(x, y, z), lane => MathF.FusedMultiplyAdd(a[lane], b[lane], c[lane]));
            AssertLanes("fma, negated", TSimd.FusedMultiplyAddNegated(x, y, z), lane => MathF.FusedMultiplyAdd(-a[lane], b[lane], c[lane]));
            AssertLanes("broadcast", TSimd.Broadcast(a[0]), _ => a[0]);
            AssertLanes("zero", TSimd.Zero, _ => 0f);
        }

        public void Extrema(int seed)
        {
            float[] a = Inputs.WithSpecialValues(seed, MaxWidth);
            float[] b = Inputs.WithSpecialValues(seed + 1_000, MaxWidth);
            // A NaN in b comes through. What one in a does, and which of two zeros is the larger, is left to the processor.
            for (int lane = 0; lane < MaxWidth; lane++)
                if (float.IsNaN(a[lane]) || a[lane] == 0)
                    a[lane] = lane + 1;
            AssertLanes("max", TSimd.Max(Vector(a), Vector(b)), lane => a[lane] > b[lane] ? a[lane] : b[lane]);
            AssertLanes("min", TSimd.Min(Vector(a), Vector(b)), lane => a[lane] < b[lane] ? a[lane] : b[lane]);
        }

        public void BitOperations(int seed)
        {
            float[] a = Inputs.WithSpecialValues(seed, MaxWidth);
            float[] b = Inputs.WithSpecialValues(seed + 1_000, MaxWidth);
            float[] small = Inputs.Integers(seed, MaxWidth, (1 << 24) - 1);
            int[] whole = [.. small.Select(value => (int)value)];
            (TVector x, TVector y) = (Vector(a), Vector(b));
            AssertBits("a < b", TSimd.LessThan(x, y), lane => a[lane] < b[lane] ? -1 : 0);
            AssertBits("a = b", TSimd.Equal(x, y), lane => a[lane] == b[lane] ? -1 : 0);
            AssertBits("select", TSimd.Select(TSimd.LessThan(x, y), x, y), lane => Bits(a[lane] < b[lane] ? a[lane] : b[lane]));
            AssertBits("a AND b", TSimd.And(x, y), lane => Bits(a[lane]) & Bits(b[lane]));
            AssertBits("a OR b", TSimd.Or(x, y), lane => Bits(a[lane]) | Bits(b[lane]));
            AssertBits("bits a + b", TSimd.AddBits(x, y), lane => Bits(a[lane]) + Bits(b[lane]));
            AssertBits("bits a − b", TSimd.SubtractBits(x, y), lane => Bits(a[lane]) - Bits(b[lane]));
            AssertBits("bits a << 5", TSimd.ShiftLeftBits(x, 5), lane => Bits(a[lane]) << 5);
            AssertBits("bits a >> 23", TSimd.ShiftRightBits(x, 23), lane => Bits(a[lane]) >> 23);
            AssertBits("broadcast bits", TSimd.BroadcastBits(Bits(a[0])), _ => Bits(a[0]));
            TVector wholeBits = Vector([.. whole.Select(BitConverter.Int32BitsToSingle)]);
            AssertLanes("integer to single", TSimd.IntegerBitsToSingle(wholeBits), lane => small[lane]);
        }

        public void Masks()
        {
            float[] source = Inputs.Uniform(1, MaxWidth, 1, 2);
            for (int count = -1; count <= TSimd.Width + 1; count++)
            {
                int first = count;
                TVector mask = TSimd.FirstLanes(count);
                AssertBits($"first {count} lanes", mask, lane => lane < first ? -1 : 0);
                float[] stored = Inputs.Filled(MaxWidth, -7);
                fixed (float* from = source, to = stored)
                {
                    AssertLanes($"load {count}", TSimd.LoadMasked(from, mask), lane => lane < first ? source[lane] : 0);
                    TSimd.StoreMasked(to, mask, TSimd.Load(from));
                }
                for (int lane = 0; lane < MaxWidth; lane++)
                    Assert.Equal(lane < Math.Min(count, TSimd.Width) ? source[lane] : -7, stored[lane]);
            }
        }

        public void Bytes()
        {
            byte[] source = [.. Enumerable.Range(0, 256 + MaxWidth).Select(value => (byte)value)];
            for (int start = 0; start < 256; start++)
            {
                int first = start;
                fixed (byte* from = source)
                    AssertLanes("bytes", TSimd.LoadBytes(from + start), lane => (first + lane) % 256);
            }
        }

        public void Scale()
        {
            float[] significands = [0.5f, 0.70710678f, 0.99999994f, 1f, 1.0000001f, 1.5f, 1.9999999f, 2f, -1.3333334f, -0.5f, float.NaN];
            foreach (float significand in significands)
                for (int exponent = -252; exponent <= 254; exponent++)
                {
                    // Exact in double, so the conversion is the one rounding.
                    float expected = (float)Math.ScaleB(significand, exponent);
                    AssertLanes($"{significand:R} · 2^{exponent}", TSimd.Scale(TSimd.Broadcast(significand), TSimd.Broadcast(exponent)),
                        _ => expected);
                }
            if (!TSimd.ScalesByAnyNumber) return;
            foreach ((float exponent, float expected) in new[]
            {
                (float.NegativeInfinity, 0f), (-1e30f, 0f), (-300f, 0f), (300f, float.PositiveInfinity), (1e30f, float.PositiveInfinity),
                (float.PositiveInfinity, float.PositiveInfinity), (float.NaN, float.NaN),
            })
            {
                foreach (float significand in new[] { 0.1f, 1f, 7f })
                    AssertLanes($"{significand:R} · 2^{exponent}", TSimd.Scale(TSimd.Broadcast(significand), TSimd.Broadcast(exponent)),
                        _ => expected);
            }
        }

        public void Reductions()
        {
            for (int seed = 0; seed < 200; seed++)
            {
                float[] lanes = Inputs.Uniform(seed, MaxWidth)[..TSimd.Width];
                float largest = lanes.Max();
                TVector vector = Vector(Padded(lanes));
                for (int half = TSimd.Width / 2; half >= 1; half /= 2)
                    for (int lane = 0; lane < half; lane++)
                        lanes[lane] += lanes[lane + half];
                Support.Bits.AssertSame(lanes[0], TSimd.SumLanes(vector), $"{TSimd.Level} sum of lanes, seed {seed}");
                Support.Bits.AssertSame(largest, TSimd.MaxLanes(vector), $"{TSimd.Level} largest lane, seed {seed}");
            }
        }

        public void FourReductions()
        {
            for (int seed = 0; seed < 200; seed++)
            {
                float[][] lanes = [.. Enumerable.Range(0, 4).Select(which => Inputs.Uniform(4 * seed + which, MaxWidth))];
                Vector128<float> sums = TSimd.SumLanes(Vector(lanes[0]), Vector(lanes[1]), Vector(lanes[2]), Vector(lanes[3]));
                for (int which = 0; which < 4; which++)
                {
                    float[] tree = lanes[which];
                    for (int half = TSimd.Width / 2; half >= 1; half /= 2)
                        for (int lane = 0; lane < half; lane++)
                            tree[lane] += tree[lane + half];
                    Support.Bits.AssertSame(tree[0], sums[which], $"{TSimd.Level} sum {which} of four, seed {seed}");
                }
            }
        }

        private static float[] Padded(float[] lanes)
        {
            float[] padded = new float[MaxWidth];
            lanes.CopyTo(padded, 0);
            return padded;
        }

        private static TVector Vector(float[] values)
        {
            fixed (float* source = values)
                return TSimd.Load(source);
        }

        private static void AssertLanes(string operation, TVector actual, Func<int, float> expected)
        {
            float[] stored = new float[MaxWidth];
            fixed (float* destination = stored)
                TSimd.Store(destination, actual);
            for (int lane = 0; lane < TSimd.Width; lane++)
                Support.Bits.AssertSame(expected(lane), stored[lane], $"{TSimd.Level} {operation}, lane {lane}");
        }

        /// <summary>Without the leniency towards NaN payloads.</summary>
        private static void AssertBits(string operation, TVector actual, Func<int, int> expected)
        {
            Assert.Equal(TSimd.Width * sizeof(float), Unsafe.SizeOf<TVector>());
            for (int lane = 0; lane < TSimd.Width; lane++)
                Expect.That(Unsafe.Add(ref Unsafe.As<TVector, int>(ref actual), lane) == expected(lane),
                    $"{TSimd.Level} {operation}, lane {lane}");
        }

        private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);
    }
}
