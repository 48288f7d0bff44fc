using Backprop.Kernels;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using FsCheck.Xunit;
using Xunit;

namespace Backprop.Tests.Kernels;

public class SoftmaxJacobianTests
{
    // The step of the central differences, exact in single precision beside logits below 4.
    private const double Step = 1.0 / (1 << 17);

    // A third derivative of the softmax is at most 1: Step²/6 = 1e-11; the difference of two numbers below 1, rounded to 2⁻⁵³ each a few
    // times over (exponential, sum, quotient), divided by 2·Step: 4 · 2⁻⁵³ · 2¹⁷ = 6e-11.
    private const double DifferenceError = 1e-10;

    [Fact]
    public void Is_exact_for_powers_of_two()
    {
        float[] jacobian = new float[9];
        Kernel.SoftmaxJacobian([0.5f, 0.25f, 0.25f], jacobian);
        Bits.AssertSame([0.25f, -0.125f, -0.125f, -0.125f, 0.1875f, -0.0625f, -0.125f, -0.0625f, 0.1875f], jacobian, "powers of two");
    }

    [Fact]
    public void Elements_are_within_two_roundings_at_every_size()
    {
        double relative = Math.Pow(1 + Ulp.Roundoff, 2) - 1;
        for (int n = 1; n <= 64; n++)
        {
            float[] activations = Inputs.Probabilities(n, 1, n);
            float[] jacobian = new float[n * n];
            Kernel.SoftmaxJacobian(activations, jacobian);
            double[] expected = ReferenceKernels.SoftmaxJacobian(ReferenceKernels.Widen(activations));
            for (int index = 0; index < jacobian.Length; index++)
                Assert.InRange(Math.Abs(jacobian[index] - expected[index]), 0, relative * Math.Abs(expected[index]));
        }
    }

    [Property(MaxTest = 200)]
    public void Rows_sum_to_zero(byte size, int seed)
    {
        int n = size % 40 + 1;
        float[] activations = Inputs.Probabilities(seed, 1, n);
        float[] jacobian = new float[n * n];
        Kernel.SoftmaxJacobian(activations, jacobian);
        for (int i = 0; i < n; i++)
        {
            double sum = 0;
            for (int j = 0; j < n; j++)
                sum += jacobian[i * n + j];
            // a_i (1 − Σa) with |1 − Σa| ≤ u Σa, and 2u on terms whose magnitudes sum to a_i (1 − a_i) + a_i Σ_{j≠i} a_j ≤ 2 a_i.
            Assert.InRange(sum, -5.01 * Ulp.Roundoff * activations[i], 5.01 * Ulp.Roundoff * activations[i]);
        }
    }

    /// <summary>∂a_i/∂z_i = a_i (1 − a_i), against central differences of the double reference.</summary>
    [Property(MaxTest = 200)]
    public void Diagonal_is_the_slope_of_a_class_in_its_own_logit(byte size, int seed) =>
        CheckSlopes(size % 12 + 1, seed, (i, j) => i == j);

    /// <summary>∂a_j/∂z_i = −a_j a_i, against central differences of the double reference.</summary>
    [Property(MaxTest = 200)]
    public void Off_diagonal_is_the_slope_of_a_class_in_the_logit_of_another(byte size, int seed) =>
        CheckSlopes(size % 12 + 2, seed, (i, j) => i != j);

    [Fact]
    public void Central_differences_see_a_wrong_sign()
    {
        double[] z = ReferenceKernels.Widen(Inputs.Uniform(1, 5, -3, 3));
        double[] slopes = CentralDifferences(z);
        double[] jacobian = ReferenceKernels.SoftmaxJacobian(ReferenceKernels.Softmax(z, 1, z.Length));
        for (int i = 0; i < z.Length; i++)
            for (int j = 0; j < z.Length; j++)
                Expect.That(Math.Abs(-jacobian[i * z.Length + j] - slopes[i * z.Length + j]) > 1e6 * DifferenceError, $"[{i}, {j}]");
    }

    [Fact]
    public void Refuses_operands_that_do_not_fit()
    {
        Refusal.Of<ArgumentException>("destination", () => Kernel.SoftmaxJacobian(new float[5], new float[24]), 5, 25, 24);
        Refusal.Of<ArgumentException>("destination", () => Kernel.SoftmaxJacobian(new float[5], new float[26]), 5, 25, 26);
        Refusal.Of<ArgumentException>("activations", () => Kernel.SoftmaxJacobian([], []), 0, 1);
    }

    [Fact]
    public void Refuses_an_overlap()
    {
        float[] values = new float[64];
        Refusal.Of<ArgumentException>("destination", () => Kernel.SoftmaxJacobian(values.AsSpan(0, 5), values.AsSpan(0, 25)));
        Refusal.Of<ArgumentException>("destination", () => Kernel.SoftmaxJacobian(values.AsSpan(24, 5), values.AsSpan(0, 25)));
    }

    private static void CheckSlopes(int n, int seed, Func<int, int, bool> chosen)
    {
        double[] z = ReferenceKernels.Widen(Inputs.Uniform(seed, n, -3, 3));
        double[] slopes = CentralDifferences(z);
        float[] activations = [.. ReferenceKernels.Softmax(z, 1, n).Select(value => (float)value)];
        float[] jacobian = new float[n * n];
        Kernel.SoftmaxJacobian(activations, jacobian);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                // Rounding a_i and a_j to single precision moves the element by at most 2u a_i, the kernel's two roundings by 2u of it.
                if (chosen(i, j))
                    Expect.That(Math.Abs(jacobian[i * n + j] - slopes[i * n + j]) <= DifferenceError + 4.01 * Ulp.Roundoff * activations[i],
                        $"n = {n}, seed {seed}, [{i}, {j}]: {jacobian[i * n + j]:R}, slope {slopes[i * n + j]:R}");
    }

    /// <summary>n × n, [i, j] = (a_j(z + h e_i) − a_j(z − h e_i)) / 2h.</summary>
    private static double[] CentralDifferences(double[] z)
    {
        int n = z.Length;
        double[] slopes = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            double[] above = ReferenceKernels.Softmax(Moved(z, i, Step), 1, n);
            double[] below = ReferenceKernels.Softmax(Moved(z, i, -Step), 1, n);
            for (int j = 0; j < n; j++)
                slopes[i * n + j] = (above[j] - below[j]) / (2 * Step);
        }
        return slopes;
    }

    private static double[] Moved(double[] z, int index, double step)
    {
        double[] moved = [.. z];
        moved[index] += step;
        return moved;
    }
}
