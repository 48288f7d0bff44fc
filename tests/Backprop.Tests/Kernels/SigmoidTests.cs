using System.Numerics.Tensors;
using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

public class SigmoidTests
{
    private static readonly ElementwiseKernel Sigmoid = Kernel.Sigmoid;

    [Fact]
    public void Is_within_2_ULP_of_the_logistic_function() => AccuracySweep.Check("Sigmoid", Sigmoid, ReferenceKernels.Sigmoid, bound: 2);

    [Theory]
    [InlineData(0f, 0.5f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(float.MinValue, 0f)]
    [InlineData(-104f, 0f)]
    [InlineData(float.PositiveInfinity, 1f)]
    [InlineData(float.MaxValue, 1f)]
    [InlineData(18f, 1f)] // 1 − 1.5e-8 lies nearer to 1 than to the number below
    [InlineData(float.NaN, float.NaN)]
    public void Is_exact_where_the_result_is_known(float x, float expected) =>
        Bits.AssertSame(expected, ElementwiseChecks.Value(Sigmoid, x), $"Sigmoid({Bits.Show(x)})");

    [Fact]
    public void Is_a_half_at_negative_zero() => Bits.AssertSame(0.5f, ElementwiseChecks.Value(Sigmoid, -0f), "Sigmoid(−0)");

    [Fact]
    public void Never_leaves_the_interval_from_0_to_1()
    {
        float[] x = Inputs.Uniform(3, 100_003, -110, 110);
        float[] activations = new float[x.Length];
        foreach (SimdLevel level in Levels.All)
        {
            Kernel.Sigmoid(level, x, activations);
            Assert.All(activations, value => Assert.InRange(value, 0f, 1f));
        }
    }

    [Fact]
    public void Every_length_at_every_level() => ElementwiseChecks.EveryLength("Sigmoid", Sigmoid);

    [Fact]
    public void Destination_may_be_the_input() => ElementwiseChecks.InPlace("Sigmoid", Sigmoid);

    [Fact]
    public void Refuses_a_destination_of_another_length() => ElementwiseChecks.RefusesWrongLengths(Sigmoid);

    [Fact]
    public void Refuses_a_partial_overlap() => ElementwiseChecks.RefusesPartialOverlap(Sigmoid);

    [Fact]
    public void Agrees_with_TensorPrimitives()
    {
        float[] x = Inputs.Uniform(9, 10_007, -80, 80);
        float[] ours = new float[x.Length];
        float[] theirs = new float[x.Length];
        Kernel.Sigmoid(x, ours);
        TensorPrimitives.Sigmoid(x, theirs);
        // Ours is within 2 ULP. Theirs is 1 / (1 + e⁻ˣ): e⁻ˣ within 1 ULP, the sum and the quotient rounded once each. A relative error
        // is up to twice as large in ULP, so 2 · (1 + ½ + ½) / … ≤ 4 ULP covers it.
        for (int index = 0; index < x.Length; index++)
            Assert.InRange(Math.Abs((double)ours[index] - theirs[index]), 0, 6 * Ulp.Spacing(Math.Max(ours[index], theirs[index])));
    }
}
