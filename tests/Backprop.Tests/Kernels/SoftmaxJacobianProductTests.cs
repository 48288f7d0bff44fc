using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using FsCheck.Xunit;
using Xunit;

namespace Backprop.Tests.Kernels;

public class SoftmaxJacobianProductTests
{
    [Property(MaxTest = 200)]
    public void Is_the_Jacobian_times_the_vector(byte rows, byte columns, int seed)
    {
        int m = rows % 8;
        int n = columns % 100 + 1;
        float[] activations = Inputs.Probabilities(seed, m, n);
        float[] vector = Inputs.Uniform(seed + 1, m * n, -5, 5);
        float[] product = new float[m * n];
        Kernel.SoftmaxJacobianProduct(activations, vector, m, n, product);
        for (int row = 0; row < m; row++)
            CompareRow(activations.AsSpan(row * n, n), vector.AsSpan(row * n, n), product.AsSpan(row * n, n), seed);
    }

    [Fact]
    public void Is_exact_where_no_rounding_is_needed()
    {
        foreach (SimdLevel level in Levels.All)
        {
            float[] product = new float[6];
            Kernel.SoftmaxJacobianProduct(level, [0.5f, 0.25f, 0.25f, 0.125f, 0.75f, 0.125f], [4, 8, -8, 1, 0, -1], 2, 3, product);
            Bits.AssertSame([1, 1.5f, -2.5f, 0.125f, 0, -0.125f], product, $"{level}");
        }
    }

    [Fact]
    public void The_upstream_of_the_cross_entropy_gives_a_minus_y()
    {
        // C = −ln a_hot has ∂C/∂a_hot = −1/a_hot: through the Jacobian that is a − y (BP1). With powers of two nothing is rounded.
        foreach (SimdLevel level in Levels.All)
        {
            float[] delta = new float[3];
            Kernel.SoftmaxJacobianProduct(level, [0.5f, 0.25f, 0.25f], [0, -4, 0], 1, 3, delta);
            Bits.AssertSame([0.5f, -0.75f, 0.25f], delta, $"{level}");
        }
    }

    [Fact]
    public void A_mean_of_minus_zero_is_minus_zero_at_every_width()
    {
        // The products underflow to −0 in every lane, so the mean is −0, and a (−0 − −0) = +0 in the last column.
        for (int columns = 17; columns <= 40; columns++)
        {
            float[] a = Inputs.Filled(columns, 1e-30f);
            float[] v = Inputs.Filled(columns, -1e-30f);
            v[^1] = -0f;
            foreach (SimdLevel level in Levels.All)
            {
                float[] product = new float[columns];
                Kernel.SoftmaxJacobianProduct(level, a, v, 1, columns, product);
                Bits.AssertSame(0f, product[^1], $"{columns} columns {level}");
            }
        }
    }

    [Fact]
    public void Destination_may_be_either_input()
    {
        foreach (SimdLevel level in Levels.All)
        {
            for (int n = 1; n <= 256; n++)
            {
                float[] activations = Inputs.Probabilities(n, 2, n);
                float[] vector = Inputs.Uniform(n, 2 * n);
                float[] expected = new float[2 * n];
                Kernel.SoftmaxJacobianProduct(SimdLevel.Scalar, activations, vector, 2, n, expected);
                float[] overActivations = [.. activations];
                Kernel.SoftmaxJacobianProduct(level, overActivations, vector, 2, n, overActivations);
                Bits.AssertSame(expected, overActivations, $"over activations, {n} {level}");
                Kernel.SoftmaxJacobianProduct(level, activations, vector, 2, n, vector);
                Bits.AssertSame(expected, vector, $"over vector, {n} {level}");
            }
        }
    }

    [Fact]
    public void Refuses_operands_that_do_not_fit()
    {
        float[] twenty = new float[20];
        Refusal.Of<ArgumentException>("activations", () =>
            Kernel.SoftmaxJacobianProduct(new float[19], twenty, 4, 5, twenty), 4, 5, 20, 19);
        Refusal.Of<ArgumentException>("vector", () => Kernel.SoftmaxJacobianProduct(twenty, new float[21], 4, 5, twenty), 4, 5, 20, 21);
        Refusal.Of<ArgumentException>("destination", () => Kernel.SoftmaxJacobianProduct(twenty, twenty, 4, 5, new float[1]), 4, 5, 20, 1);
        Refusal.Of<ArgumentOutOfRangeException>("rows", () => Kernel.SoftmaxJacobianProduct([], [], -4, 5, []), -4, 0);
        Refusal.Of<ArgumentOutOfRangeException>("columns", () => Kernel.SoftmaxJacobianProduct([], [], 4, 0, []), 0, 1);
        float[] values = new float[64];
        Refusal.Of<ArgumentException>("destination", () =>
            Kernel.SoftmaxJacobianProduct(values.AsSpan(0, 20), twenty, 4, 5, values.AsSpan(5, 20)));
        Refusal.Of<ArgumentException>("destination", () =>
            Kernel.SoftmaxJacobianProduct(twenty, values.AsSpan(0, 20), 4, 5, values.AsSpan(5, 20)));
    }

    /// <summary>
    /// s = Σ a_j v_j in sixteen chains and a tree of 4 is off by (n/16 + 5) u Σ|a_j v_j|; v_i − s and the product are rounded once each.
    /// One more of each for the second-order terms.
    /// </summary>
    private static void CompareRow(ReadOnlySpan<float> activations, ReadOnlySpan<float> vector, ReadOnlySpan<float> product, int seed)
    {
        int n = activations.Length;
        double[] jacobian = ReferenceKernels.SoftmaxJacobian(ReferenceKernels.Widen(activations));
        // J·v in the rows of the Jacobian is a_i (v_i − Σ a v) whatever Σa is.
        double[] expected = new double[n];
        ReferenceKernels.Gemv(false, n, n, 1, jacobian, n, ReferenceKernels.Widen(vector), 0, expected);
        double magnitude = 0;
        double sum = 0;
        for (int j = 0; j < n; j++)
        {
            magnitude += Math.Abs((double)activations[j] * vector[j]);
            sum += (double)activations[j] * vector[j];
        }
        for (int i = 0; i < n; i++)
        {
            double bound = Ulp.Roundoff * activations[i] * ((n / 16.0 + 6) * magnitude + 3 * Math.Abs(vector[i] - sum));
            Expect.That(Math.Abs(product[i] - expected[i]) <= bound,
                $"n = {n}, seed {seed}, [{i}]: {product[i]:R}, expected {expected[i]:R}");
        }
    }
}
