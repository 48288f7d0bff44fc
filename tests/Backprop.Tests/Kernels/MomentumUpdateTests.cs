using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Support;
using FsCheck.Xunit;
using Xunit;

namespace Backprop.Tests.Kernels;

public class MomentumUpdateTests
{
    [Fact]
    public void Is_exact_where_no_rounding_is_needed()
    {
        // Whole numbers with factors of powers of two: multiples of 2⁻⁸ below 2¹⁵.
        float[] gradient = Inputs.Integers(1, 1_003, 100);
        float[] velocity = Inputs.Integers(2, 1_003, 100);
        float[] parameters = Inputs.Integers(3, 1_003, 100);
        foreach (SimdLevel level in Levels.All)
        {
            float[] v = [.. velocity];
            float[] w = [.. parameters];
            Kernel.MomentumUpdate(level, gradient, 0.25f, 0.5f, 0.03125f, v, w);
            for (int index = 0; index < v.Length; index++)
            {
                double expected = 0.5 * velocity[index] - 0.25 * (gradient[index] + 0.03125 * parameters[index]);
                Assert.Equal((expected, parameters[index] + expected), (v[index], w[index]));
            }
        }
    }

    [Fact]
    public void Is_made_of_the_promised_roundings_at_every_length()
    {
        for (int length = 0; length <= 256; length++)
        {
            float[] gradient = Inputs.Uniform(length, length);
            float[] velocity = Inputs.Uniform(length + 1, length);
            float[] parameters = Inputs.Uniform(length + 2, length);
            foreach (SimdLevel level in Levels.All)
            {
                float[] v = [.. velocity];
                float[] w = [.. parameters];
                Kernel.MomentumUpdate(level, gradient, 0.1f, 0.9f, 0.001f, v, w);
                for (int index = 0; index < length; index++)
                {
                    float expected = MathF.FusedMultiplyAdd(-0.1f, MathF.FusedMultiplyAdd(0.001f, parameters[index], gradient[index]),
                        0.9f * velocity[index]);
                    Bits.AssertSame(expected, v[index], $"velocity, {level}, length {length}");
                    Bits.AssertSame(parameters[index] + expected, w[index], $"parameters, {level}, length {length}");
                }
            }
        }
    }

    /// <summary>
    /// u = 2⁻²⁴: three roundings reach the velocity, 3u (|μ v| + η (|g| + |λ w|)); the parameter adds its own. One u more for the second
    /// order.
    /// </summary>
    [Property(MaxTest = 200)]
    public void Is_within_its_roundings_of_the_formula(byte length, int seed)
    {
        float[] gradient = Inputs.Uniform(seed, length, -10, 10);
        float[] v = Inputs.Uniform(seed + 1, length, -10, 10);
        float[] w = Inputs.Uniform(seed + 2, length, -10, 10);
        (float[] velocity, float[] parameters) = ([.. v], [.. w]);
        Kernel.MomentumUpdate(gradient, 0.3f, 0.9f, 0.01f, velocity, parameters);
        for (int index = 0; index < length; index++)
        {
            double expected = (double)0.9f * v[index] - 0.3f * (gradient[index] + (double)0.01f * w[index]);
            double bound = 4 * Ulp.Roundoff * (Math.Abs(0.9f * v[index]) + 0.3f * (Math.Abs(gradient[index]) + Math.Abs(0.01f * w[index])));
            Assert.InRange(Math.Abs(velocity[index] - expected), 0, bound);
            Assert.InRange(Math.Abs(parameters[index] - (w[index] + expected)), 0,
                bound + 2 * Ulp.Roundoff * Math.Abs(w[index] + expected));
        }
    }

    [Fact]
    public void Refuses_operands_that_do_not_fit()
    {
        float[] values = new float[64];
        Refusal.Of<ArgumentException>("velocity", () =>
            Kernel.MomentumUpdate(new float[17], 1, 1, 1, new float[16], new float[17]), 17, 16);
        Refusal.Of<ArgumentException>("parameters", () =>
            Kernel.MomentumUpdate(new float[17], 1, 1, 1, new float[17], new float[18]), 17, 18);
        Refusal.Of<ArgumentException>("velocity", () =>
            Kernel.MomentumUpdate(values.AsSpan(0, 9), 1, 1, 1, values.AsSpan(0, 9), new float[9]));
        Refusal.Of<ArgumentException>("parameters", () =>
            Kernel.MomentumUpdate(values.AsSpan(0, 9), 1, 1, 1, new float[9], values.AsSpan(8, 9)));
        Refusal.Of<ArgumentException>("parameters", () =>
            Kernel.MomentumUpdate(new float[9], 1, 1, 1, values.AsSpan(0, 9), values.AsSpan(8, 9)));
    }
}
