using Backprop.Simd;
using Backprop.Tests.Support;

namespace Backprop.Tests.Kernels;

/// <summary>What the tests of every function of one number have in common.</summary>
internal static class ElementwiseChecks
{
    private const int AwkwardLength = 10_007;

    /// <summary>Every length at every level gives, element by element, what the function gives for that number alone.</summary>
    public static void EveryLength(string name, ElementwiseKernel kernel)
    {
        float[] x = Inputs.WithSpecialValues(AwkwardLength, AwkwardLength);
        float[] alone = new float[x.Length];
        for (int index = 0; index < x.Length; index++)
            kernel(SimdLevel.Scalar, x.AsSpan(index, 1), alone.AsSpan(index, 1));
        foreach (SimdLevel level in Levels.All)
        {
            for (int length = 0; length <= 256; length++)
                Compare(name, kernel, level, x.AsSpan(length, length), alone.AsSpan(length, length));
            Compare(name, kernel, level, x, alone);
        }
    }

    /// <summary>The destination may be the input itself.</summary>
    public static void InPlace(string name, ElementwiseKernel kernel)
    {
        foreach (SimdLevel level in Levels.All)
        {
            for (int length = 0; length <= 256; length++)
            {
                float[] values = Inputs.WithSpecialValues(length, length);
                float[] expected = new float[length];
                kernel(SimdLevel.Scalar, values, expected);
                kernel(level, values, values);
                Bits.AssertSame(expected, values, $"{name} in place, {level}, length {length}");
            }
        }
    }

    /// <summary>The value of one number, which every level must give.</summary>
    public static float Value(ElementwiseKernel kernel, float x)
    {
        float[] result = new float[1];
        kernel(SimdLevel.Scalar, [x], result);
        foreach (SimdLevel level in Levels.Vectors)
        {
            float[] lanes = new float[19];
            kernel(level, Inputs.Filled(lanes.Length, x), lanes);
            Bits.AssertSame(Inputs.Filled(lanes.Length, result[0]), lanes, $"{level} of {Bits.Show(x)}");
        }
        return result[0];
    }

    public static void RefusesWrongLengths(ElementwiseKernel kernel)
    {
        foreach (SimdLevel level in Levels.All)
        {
            Refusal.Of<ArgumentException>("destination", () => kernel(level, new float[17], new float[16]), 17, 16);
            Refusal.Of<ArgumentException>("destination", () => kernel(level, new float[17], new float[18]), 17, 18);
            Refusal.Of<ArgumentException>("destination", () => kernel(level, new float[1], []), 1, 0);
        }
    }

    public static void RefusesPartialOverlap(ElementwiseKernel kernel)
    {
        float[] values = Inputs.Uniform(1, 64);
        float[] before = [.. values];
        foreach (int offset in new[] { 1, 8, 31 })
        {
            Refusal.Of<ArgumentException>("destination", () => kernel(SimdLevel.Scalar, values.AsSpan(0, 32), values.AsSpan(offset, 32)));
            Refusal.Of<ArgumentException>("destination", () => kernel(SimdLevel.V256, values.AsSpan(offset, 32), values.AsSpan(0, 32)));
        }
        Bits.AssertSame(before, values, "refused, so nothing may be written");
    }

    private static void Compare(string name, ElementwiseKernel kernel, SimdLevel level, ReadOnlySpan<float> x, ReadOnlySpan<float> expected)
    {
        const float Untouched = 123;
        float[] destination = Inputs.Filled(x.Length + 2, Untouched);
        kernel(level, x, destination.AsSpan(1, x.Length));
        Bits.AssertSame(expected, destination.AsSpan(1, x.Length), $"{name} {level}, length {x.Length}");
        Bits.AssertSame([Untouched, Untouched], [destination[0], destination[^1]],
            $"{name} {level}, length {x.Length}, beside the destination");
    }
}
