using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

public class MultiplySigmoidDerivativeTests
{
    [Fact]
    public void Is_exact_where_no_rounding_is_needed()
    {
        // Multiples of 1/16 in [0, 1] and whole numbers: u · a(1 − a) is a multiple of 1/256 below 2¹⁶.
        const int Length = 1_003;
        float[] upstream = Inputs.Integers(1, Length, 200);
        float[] activations = Inputs.Integers(2, Length, 8);
        for (int index = 0; index < Length; index++)
            activations[index] = (activations[index] + 8) / 16;
        foreach (SimdLevel level in Levels.All)
        {
            float[] destination = new float[Length];
            Kernel.MultiplySigmoidDerivative(level, upstream, activations, destination);
            for (int index = 0; index < Length; index++)
                Assert.Equal((float)(upstream[index] * ReferenceKernels.SigmoidDerivative(activations[index])), destination[index]);
        }
    }

    [Fact]
    public void Is_within_three_roundings()
    {
        float[] upstream = Inputs.Uniform(3, 100_003, -10, 10);
        float[] activations = Inputs.Uniform(4, upstream.Length, 0, 1);
        float[] destination = new float[upstream.Length];
        Kernel.MultiplySigmoidDerivative(upstream, activations, destination);
        double relative = Math.Pow(1 + Ulp.Roundoff, 3) - 1;
        for (int index = 0; index < upstream.Length; index++)
        {
            double expected = upstream[index] * ReferenceKernels.SigmoidDerivative(activations[index]);
            Assert.InRange(Math.Abs(destination[index] - expected), 0, relative * Math.Abs(expected));
        }
    }

    [Fact]
    public void NaN_in_either_input_stays_where_it_is()
    {
        foreach (SimdLevel level in Levels.All)
        {
            float[] destination = new float[3];
            Kernel.MultiplySigmoidDerivative(level, [float.NaN, 1, 1], [0.5f, float.NaN, 0.5f], destination);
            Bits.AssertSame([float.NaN, float.NaN, 0.25f], destination, $"{level}");
        }
    }

    [Fact]
    public void Destination_may_be_either_input_at_every_length()
    {
        foreach (SimdLevel level in Levels.All)
        {
            for (int length = 0; length <= 256; length++)
            {
                float[] upstream = Inputs.WithSpecialValues(length, length);
                float[] activations = Inputs.Uniform(length + 1, length, 0, 1);
                float[] expected = new float[length];
                Kernel.MultiplySigmoidDerivative(SimdLevel.Scalar, upstream, activations, expected);
                float[] overUpstream = [.. upstream];
                Kernel.MultiplySigmoidDerivative(level, overUpstream, activations, overUpstream);
                Bits.AssertSame(expected, overUpstream, $"over upstream, {level}, length {length}");
                Kernel.MultiplySigmoidDerivative(level, upstream, activations, activations);
                Bits.AssertSame(expected, activations, $"over activations, {level}, length {length}");
            }
        }
    }

    [Fact]
    public void Refuses_operands_of_different_lengths()
    {
        Refusal.Of<ArgumentException>("activations", () =>
            Kernel.MultiplySigmoidDerivative(new float[17], new float[16], new float[17]), 17, 16);
        Refusal.Of<ArgumentException>("destination", () =>
            Kernel.MultiplySigmoidDerivative(new float[17], new float[17], new float[18]), 17, 18);
    }

    [Fact]
    public void Refuses_a_partial_overlap()
    {
        float[] values = new float[64];
        Refusal.Of<ArgumentException>("destination", () =>
            Kernel.MultiplySigmoidDerivative(values.AsSpan(0, 9), new float[9], values.AsSpan(1, 9)));
        Refusal.Of<ArgumentException>("destination", () =>
            Kernel.MultiplySigmoidDerivative(new float[9], values.AsSpan(1, 9), values.AsSpan(0, 9)));
    }
}
