using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

internal delegate void ElementwiseKernel(SimdLevel level, ReadOnlySpan<float> x, Span<float> destination);

/// <summary>
/// A function of one number over a stride of all 2³² bit patterns, plus the thousands of numbers around the points where its
/// code changes path. The scalar level is measured against the double reference, the other levels must give its bits.
/// </summary>
internal static class AccuracySweep
{
    private const int ChunkLength = 1 << 14;
    private const int NeighboursEachSide = 1_500;

    // Prime, so that the low bits of the significand take every value; below 2²³, the patterns of one exponent, so that every
    // exponent of either sign is visited: 1,021 gives 4.2 million numbers and visits each 8,000 times, 65,537 visits each 128 times.
    private static readonly uint Stride = Levels.HardwareAccelerated ? 1_021u : 65_537u;

    private static readonly float[] Centres =
    [
        0f, -0f, 1f, -1f, 2f, 0.5f, 0.70710678f, 1.41421356f, 0.34657359f, -0.34657359f, 0.69314718f, -0.69314718f, 1.17549435e-38f,
        -1.17549435e-38f, 16.635532f, -16.635532f, 17.3286795f, -17.3286795f, 87.3365479f, -87.3365479f, 88.3762589f, -88.3762589f,
        88.7228394f, -88.7228394f, 103.278931f, -103.278931f, 103.972076f, -103.972076f, 104.5f, -104.5f, 5.96046448e-8f, -5.96046448e-8f,
        float.MaxValue, float.MinValue,
    ];

    /// <summary>Fails when an element is further than <paramref name="bound"/> ULP from the reference, or differs between levels.</summary>
    public static void Check(string name, ElementwiseKernel kernel, Func<double, double> reference, double bound)
    {
        Worst worst = new(0, 0, 0);
        float[] scalar = new float[ChunkLength];
        float[] vector = new float[ChunkLength];
        foreach (float[] chunk in Chunks())
        {
            Span<float> results = scalar.AsSpan(0, chunk.Length);
            kernel(SimdLevel.Scalar, chunk, results);
            worst = Measure(chunk, results, reference, worst);
            foreach (SimdLevel level in Levels.Vectors)
            {
                kernel(level, chunk, vector.AsSpan(0, chunk.Length));
                AssertSameBits(name, level, chunk, results, vector.AsSpan(0, chunk.Length));
            }
        }
        Expect.That(worst.Error <= bound,
            $"{name}({Bits.Show(worst.X)}) = {Bits.Show(worst.Result)}, {worst.Error:F4} ULP from {reference(worst.X):R}; bound {bound}");
    }

    private static Worst Measure(ReadOnlySpan<float> x, ReadOnlySpan<float> results, Func<double, double> reference, Worst worst)
    {
        for (int index = 0; index < x.Length; index++)
        {
            double error = Ulp.Error(results[index], reference(x[index]));
            if (error > worst.Error)
                worst = new(error, x[index], results[index]);
        }
        return worst;
    }

    private static void AssertSameBits(string name, SimdLevel level, ReadOnlySpan<float> x, ReadOnlySpan<float> scalar,
        ReadOnlySpan<float> vector)
    {
        int place = Bits.FirstDifference(scalar, vector);
        if (place >= 0)
            Assert.Fail($"{name}({Bits.Show(x[place])}) is {Bits.Show(vector[place])} at {level}, {Bits.Show(scalar[place])} at Scalar");
    }

    private static IEnumerable<float[]> Chunks()
    {
        yield return Inputs.Special;
        foreach (float centre in Centres)
            yield return Neighbours(centre);
        List<float> chunk = new(ChunkLength);
        for (ulong bits = 0; bits <= uint.MaxValue; bits += Stride)
        {
            chunk.Add(BitConverter.UInt32BitsToSingle((uint)bits));
            if (chunk.Count < ChunkLength)
                continue;
            yield return [.. chunk];
            chunk.Clear();
        }
        yield return [.. chunk];
    }

    /// <summary>The numbers whose bit patterns lie around the centre's; around zero those are the subnormal numbers.</summary>
    private static float[] Neighbours(float centre)
    {
        uint bits = BitConverter.SingleToUInt32Bits(centre);
        IEnumerable<int> steps = Enumerable.Range(-NeighboursEachSide, 2 * NeighboursEachSide + 1);
        return [.. steps.Select(step => BitConverter.UInt32BitsToSingle((uint)(bits + step)))];
    }

    private readonly record struct Worst(double Error, float X, float Result);
}
