using System.Numerics.Tensors;
using Backprop.Kernels;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

public class LogTests
{
    private static readonly ElementwiseKernel Log = Kernel.Log;

    [Fact]
    public void Is_within_1_ULP_of_the_natural_logarithm() => AccuracySweep.Check("Log", Log, Math.Log, bound: 1);

    [Theory]
    [InlineData(1f, 0f)]
    [InlineData(0f, float.NegativeInfinity)]
    [InlineData(-float.Epsilon, float.NaN)]
    [InlineData(-1f, float.NaN)]
    [InlineData(float.MinValue, float.NaN)]
    [InlineData(float.NegativeInfinity, float.NaN)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Is_exact_where_the_result_is_known(float x, float expected) =>
        Bits.AssertSame(expected, ElementwiseChecks.Value(Log, x), $"Log({Bits.Show(x)})");

    [Fact]
    public void Is_minus_infinity_at_negative_zero() =>
        Bits.AssertSame(float.NegativeInfinity, ElementwiseChecks.Value(Log, -0f), "Log(−0)");

    [Fact]
    public void Every_length_at_every_level() => ElementwiseChecks.EveryLength("Log", Log);

    [Fact]
    public void Destination_may_be_the_input() => ElementwiseChecks.InPlace("Log", Log);

    [Fact]
    public void Refuses_a_destination_of_another_length() => ElementwiseChecks.RefusesWrongLengths(Log);

    [Fact]
    public void Refuses_a_partial_overlap() => ElementwiseChecks.RefusesPartialOverlap(Log);

    [Fact]
    public void Agrees_with_TensorPrimitives()
    {
        float[] x = Inputs.Uniform(8, 10_007, 0.001f, 4);
        float[] ours = new float[x.Length];
        float[] theirs = new float[x.Length];
        Kernel.Log(x, ours);
        TensorPrimitives.Log(x, theirs);
        // Ours is within 1 ULP; theirs, AMD's vrs4_logf, states at most 1 ULP too.
        for (int index = 0; index < x.Length; index++)
            Assert.InRange(Math.Abs((double)ours[index] - theirs[index]), 0,
                2 * Ulp.Spacing(Math.Max(Math.Abs(ours[index]), Math.Abs(theirs[index]))));
    }
}
