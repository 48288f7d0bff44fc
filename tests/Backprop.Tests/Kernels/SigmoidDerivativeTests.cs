using Backprop.Kernels;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using FsCheck.Xunit;
using Xunit;

namespace Backprop.Tests.Kernels;

public class SigmoidDerivativeTests
{
    private static readonly ElementwiseKernel Derivative = Kernel.SigmoidDerivative;

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(1f, 0f)]
    [InlineData(0.5f, 0.25f)]
    [InlineData(0.25f, 0.1875f)]
    [InlineData(0.75f, 0.1875f)]
    [InlineData(float.NaN, float.NaN)]
    public void Is_exact_where_no_rounding_is_needed(float activation, float expected) =>
        Bits.AssertSame(expected, ElementwiseChecks.Value(Derivative, activation), $"derivative at {activation}");

    [Fact]
    public void Is_within_two_roundings()
    {
        float[] activations = Inputs.Uniform(5, 100_003, 0, 1);
        float[] derivatives = new float[activations.Length];
        Kernel.SigmoidDerivative(activations, derivatives);
        // 1 − a is rounded once (relative u = 2⁻²⁴) and the product once more: (1 + u)² − 1 = 2u + u².
        for (int index = 0; index < activations.Length; index++)
        {
            double expected = ReferenceKernels.SigmoidDerivative(activations[index]);
            Assert.InRange(derivatives[index], expected * (1 - RelativeBound(2)), expected * (1 + RelativeBound(2)));
        }
    }

    [Fact]
    public void Every_length_at_every_level() => ElementwiseChecks.EveryLength("SigmoidDerivative", Derivative);

    [Fact]
    public void Destination_may_be_the_input() => ElementwiseChecks.InPlace("SigmoidDerivative", Derivative);

    [Fact]
    public void Refuses_a_destination_of_another_length() => ElementwiseChecks.RefusesWrongLengths(Derivative);

    [Fact]
    public void Refuses_a_partial_overlap() => ElementwiseChecks.RefusesPartialOverlap(Derivative);

    /// <summary>σ'(x) = a(1 − a) against the central difference of the double reference.</summary>
    [Property(MaxTest = 300)]
    public void Is_the_slope_of_the_sigmoid(int seed)
    {
        float x = Inputs.Uniform(seed, 1, -15, 15)[0];
        const double Step = 1.0 / (1 << 17);
        double slope = (ReferenceKernels.Sigmoid(x + Step) - ReferenceKernels.Sigmoid(x - Step)) / (2 * Step);
        float derivative = ElementwiseChecks.Value(Derivative, (float)ReferenceKernels.Sigmoid(x));
        // h²/6 · |σ'''| ≤ 2⁻³⁴/6 · 1/8 = 1.3e-12 and 2⁻⁵³/h = 1.5e-11 for the difference; rounding a to single precision moves a(1 − a)
        // by |1 − 2a| u a ≤ u a, and the kernel's own two roundings by 2u of it.
        double bound = 2e-11 + 3 * Ulp.Roundoff * ReferenceKernels.Sigmoid(x);
        Assert.InRange(derivative - slope, -bound, bound);
    }

    private static double RelativeBound(int roundings) => Math.Pow(1 + Ulp.Roundoff, roundings) - 1;
}
