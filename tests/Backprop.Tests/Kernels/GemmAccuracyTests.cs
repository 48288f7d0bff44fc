using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using FsCheck.Xunit;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>The product against the double reference.</summary>
public class GemmAccuracyTests
{
    /// <summary>
    /// |C − C_ref| ≤ (k + 2) u (|alpha| Σ|a||b| + |beta c|), u = 2⁻²⁴: a term is rounded with alpha·a and in the k − p sums after it,
    /// beta·c once and in k sums, k + 1 roundings at most; one more u covers the second-order terms.
    /// </summary>
    [Property(MaxTest = 300)]
    public void Elements_are_within_the_bound_of_the_chain(byte m, byte n, byte k, byte factors, int seed)
    {
        GemmProblem problem = Shaped(m % 40, n % 70, k, factors, seed);
        foreach (SimdLevel level in Levels.All)
            AssertWithinBound(problem, problem.Run(level), $"seed {seed}, {level}");
    }

    [Fact]
    public void A_long_chain_is_within_the_bound()
    {
        foreach (GemmProblem problem in GemmProblem.Transpositions(6, 33, 10_007))
            AssertWithinBound(problem, problem.Run(SimdSupport.Current), "10,007 terms");
    }

    /// <summary>
    /// C·t = A·(B·t) for a random vector t, in double over the single-precision C: an oracle that does not know how products are made.
    /// The error of (C·t)_i is at most Σ_j |t_j| times that of c_ij.
    /// </summary>
    [Property(MaxTest = 200)]
    public void A_random_projection_agrees(byte m, byte n, byte k, int seed)
    {
        GemmProblem problem = Shaped(m % 40 + 1, n % 70 + 1, k + 1, 5, seed) with { Beta = 0, Extra = 0 };
        double[] a = ReferenceKernels.Widen(problem.A);
        double[] b = ReferenceKernels.Widen(problem.B);
        double[] t = ReferenceKernels.Widen(Inputs.Uniform(seed + 9, problem.N));
        double[] projected = Project(problem, a, b, t);
        double[] magnitudes = Project(problem, Magnitudes(a), Magnitudes(b), Magnitudes(t));
        double[] c = ReferenceKernels.Widen(problem.Run(SimdSupport.Current));
        double[] actual = Times(false, problem.M, problem.N, c, problem.Ldc, t);
        for (int i = 0; i < problem.M; i++)
        {
            double bound = (problem.K + 2) * Ulp.Roundoff * Math.Abs(problem.Alpha) * magnitudes[i];
            Expect.That(Math.Abs(actual[i] - problem.Alpha * projected[i]) <= bound,
                $"{problem}, row {i}: {actual[i]:R}, expected {problem.Alpha * projected[i]:R}");
        }
    }

    /// <summary>
    /// The netlib test of level 3: |C − C_ref| / (ε (|alpha| Σ|a||b| + |beta c|)) with ε = 2⁻²³ stays below 4 on its grid.
    /// </summary>
    [Fact]
    public void Netlib_residual_is_below_4()
    {
        int[] sizes = [0, 1, 2, 3, 5, 9];
        float[] alphas = [0, 1, 0.7f];
        float[] betas = [0, 1, 1.3f];
        var grid = from m in sizes
                   from n in sizes
                   from k in sizes
                   from problem in GemmProblem.Transpositions(m, n, k)
                   from alpha in alphas
                   from beta in betas
                   select problem with { Alpha = alpha, Beta = beta, Extra = 1, Seed = m + 10 * n + 100 * k };
        foreach (GemmProblem problem in grid)
            foreach (SimdLevel level in Levels.All)
                AssertResidual(problem, problem.Run(level), level);
    }

    private static GemmProblem Shaped(int m, int n, int k, int factors, int seed) =>
        new((Transpose)(factors & 1), (Transpose)(factors >> 1 & 1), m, n, k)
        {
            Alpha = new[] { 1, 0.7f, -1, 0 }[factors >> 2 & 3],
            Beta = new[] { 0, 1, 1.3f, -0.3f }[factors >> 4 & 3],
            Extra = factors >> 6,
            Seed = seed,
        };

    private static void AssertWithinBound(GemmProblem problem, float[] actual, string context) =>
        ForEachElement(problem, actual, (i, j, error, magnitude) => Expect.That(error <= (problem.K + 2) * Ulp.Roundoff * magnitude,
            $"{problem}, {context}: [{i}, {j}] is off by {error / (Ulp.Roundoff * magnitude):F3} u of Σ|terms|"));

    private static void AssertResidual(GemmProblem problem, float[] actual, SimdLevel level) =>
        ForEachElement(problem, actual, (i, j, error, magnitude) =>
            Expect.That(error <= 4 * Ulp.Epsilon * magnitude, $"{problem} {level}: [{i}, {j}]"));

    private static void ForEachElement(GemmProblem problem, float[] actual, Action<int, int, double, double> check)
    {
        double[] expected = Reference(problem, values => ReferenceKernels.Widen(values));
        double[] magnitudes = Reference(problem with { Alpha = Math.Abs(problem.Alpha), Beta = Math.Abs(problem.Beta) },
            values => ReferenceKernels.WidenMagnitudes(values));
        for (int i = 0; i < problem.M; i++)
            for (int j = 0; j < problem.N; j++)
                check(i, j, Math.Abs(actual[i * problem.Ldc + j] - expected[i * problem.Ldc + j]), magnitudes[i * problem.Ldc + j]);
        for (int i = 0; i < problem.M - 1 && problem.N > 0; i++)
            Bits.AssertSame(Inputs.Filled(problem.Extra, Inputs.Padding), actual.AsSpan(i * problem.Ldc + problem.N, problem.Extra),
                "padding");
    }

    private static double[] Reference(GemmProblem problem, Converter<float[], double[]> widen)
    {
        double[] c = widen(problem.C);
        ReferenceKernels.Gemm(problem.IsTransposedA, problem.IsTransposedB, problem.M, problem.N, problem.K, problem.Alpha,
            widen(problem.A), problem.Lda, widen(problem.B), problem.Ldb, problem.Beta, c, problem.Ldc);
        return c;
    }

    /// <summary>op(A) (op(B) t).</summary>
    private static double[] Project(GemmProblem problem, double[] a, double[] b, double[] t)
    {
        double[] inner = Times(problem.IsTransposedB, problem.K, problem.N, b, problem.Ldb, t);
        return Times(problem.IsTransposedA, problem.M, problem.K, a, problem.Lda, inner);
    }

    /// <summary>op(A) x, op(A) rows × columns.</summary>
    private static double[] Times(bool transposed, int rows, int columns, double[] a, int lda, double[] x)
    {
        double[] y = new double[rows];
        ReferenceKernels.Gemv(transposed, transposed ? columns : rows, transposed ? rows : columns, 1, a, lda, x, 0, y);
        return y;
    }

    private static double[] Magnitudes(double[] values) => [.. values.Select(Math.Abs)];
}
