using System.Numerics.Tensors;
using Backprop.Kernels;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

public class ExpTests
{
    private static readonly ElementwiseKernel Exp = Kernel.Exp;

    [Fact]
    public void Is_within_1_ULP_of_the_exponential() => AccuracySweep.Check("Exp", Exp, Math.Exp, bound: 1);

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(float.Epsilon, 1f)]
    [InlineData(-float.Epsilon, 1f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.MaxValue, float.PositiveInfinity)]
    [InlineData(88.7228394f, float.PositiveInfinity)] // the first number whose exponential is beyond 2¹²⁸
    [InlineData(float.MinValue, 0f)]
    [InlineData(-104f, 0f)] // 0.486 of the smallest subnormal number
    [InlineData(float.NaN, float.NaN)]
    public void Is_exact_where_the_result_is_known(float x, float expected) =>
        Bits.AssertSame(expected, ElementwiseChecks.Value(Exp, x), $"Exp({Bits.Show(x)})");

    [Fact]
    public void Is_one_at_negative_zero() => Bits.AssertSame(1, ElementwiseChecks.Value(Exp, -0f), "Exp(−0)");

    [Fact]
    public void Underflows_gradually()
    {
        float smallest = ElementwiseChecks.Value(Exp, -103.27f);
        Assert.InRange(smallest, float.Epsilon, 2 * float.Epsilon);
        float subnormal = ElementwiseChecks.Value(Exp, -90);
        Assert.InRange(subnormal, 8.19e-40f, 8.20e-40f);
        Assert.True(float.IsSubnormal(subnormal));
    }

    [Fact]
    public void Largest_finite_results_do_not_overflow() =>
        Assert.InRange(ElementwiseChecks.Value(Exp, 88.7228317f), 3.4027e38f, float.MaxValue);

    [Fact]
    public void Every_length_at_every_level() => ElementwiseChecks.EveryLength("Exp", Exp);

    [Fact]
    public void Destination_may_be_the_input() => ElementwiseChecks.InPlace("Exp", Exp);

    [Fact]
    public void Refuses_a_destination_of_another_length() => ElementwiseChecks.RefusesWrongLengths(Exp);

    [Fact]
    public void Refuses_a_partial_overlap() => ElementwiseChecks.RefusesPartialOverlap(Exp);

    [Fact]
    public void Agrees_with_TensorPrimitives()
    {
        float[] x = Inputs.Uniform(7, 10_007, -87, 88);
        float[] ours = new float[x.Length];
        float[] theirs = new float[x.Length];
        Kernel.Exp(x, ours);
        TensorPrimitives.Exp(x, theirs);
        // Ours is within 1 ULP; theirs widens to double, within 1 ULP after rounding. One more spacing where a power of two lies between.
        for (int index = 0; index < x.Length; index++)
            Assert.InRange(Math.Abs((double)ours[index] - theirs[index]), 0, 2 * Ulp.Spacing(Math.Max(ours[index], theirs[index])));
    }
}
