using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>What follows a product inside the same call gives the bits of the two kernels one after the other, on any number of threads.</summary>
public unsafe class GemmEpilogueTests
{
    // One row, one tile, dots, a narrow C, blocks of k, nothing reduced; then columns to divide among threads, rows, and columns of Bᵀ in blocks.
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (0, 5, 3), (5, 0, 3), (1, 1, 1), (1, 37, 20), (5, 17, 9), (3, 21, 40), (10, 33, 170), (37, 5, 141), (40, 50, 0), (33, 31, 600),
        (40, 900, 230), (257, 90, 350), (49, 1_050, 510),
    ];

    private static readonly int[] Threads = [1, 2, 3, 7];

    [Fact]
    public void Bias_and_sigmoid()
    {
        foreach ((int m, int n, int k) in Shapes)
        {
            GemmProblem problem = new(Transpose.No, Transpose.No, m, n, k) { Extra = 3 };
            float[] bias = Inputs.Uniform(7, n);
            float[] expected = Followed(problem, (z, result) => Kernel.BiasSigmoid(SimdLevel.Scalar, z, bias, m, n, result));
            fixed (float* operand = bias)
                AssertSame(problem, expected, GemmEpilogue.BiasSigmoid(operand));
        }
    }

    [Fact]
    public void Derivative_of_the_sigmoid()
    {
        foreach ((int m, int n, int k) in Shapes)
        {
            GemmProblem problem = new(Transpose.No, Transpose.Yes, m, n, k) { Extra = 3 };
            float[] dense = Inputs.Uniform(7, m * n, 0), activations = Inputs.Strided(dense, m, n, n + 5);
            float[] expected = Followed(
                problem, (upstream, result) => Kernel.MultiplySigmoidDerivative(SimdLevel.Scalar, upstream, dense, result));
            fixed (float* operand = activations)
                AssertSame(problem, expected, GemmEpilogue.SigmoidDerivative(operand, n + 5));
        }
    }

    [Fact]
    public void Neither_reads_or_writes_beyond_its_operands()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), GuardedRegion<float>.Prerequisite);
        foreach (int n in new[] { 1, 15, 16, 17, 100 })
        {
            const int Rows = 3;
            using GuardedRegion<float> targetRegion = new(Rows * n), operandRegion = new(Rows * n);
            Span<float> target = targetRegion.Last(Rows * n).Span, operand = operandRegion.Last(Rows * n).Span;
            fixed (float* c = target, matrix = operand, bias = operand[^n..])
            {
                foreach (SimdLevel level in Levels.All)
                {
                    var derivative = new EpilogueCall(GemmEpilogue.SigmoidDerivative(matrix, n), c, Rows, n);
                    SimdDispatch.Run(level, ref derivative);
                    var sigmoid = new EpilogueCall(GemmEpilogue.BiasSigmoid(bias), c, Rows, n);
                    SimdDispatch.Run(level, ref sigmoid);
                    Bits.AssertSame(Inputs.Filled(Rows * n, 0.5f), target, $"σ(0 + 0), {n} columns, {level}");
                }
            }
        }
    }

    private delegate void Function(ReadOnlySpan<float> product, Span<float> result);

    /// <summary>C after the product and the function, padding included.</summary>
    private static float[] Followed(GemmProblem problem, Function function)
    {
        (int m, int n) = (problem.M, problem.N);
        float[] product = problem.Run(SimdLevel.Scalar), dense = new float[m * n];
        for (int row = 0; row < m && n > 0; row++)
            product.AsSpan(row * problem.Ldc, n).CopyTo(dense.AsSpan(row * n));
        function(dense, dense);
        for (int row = 0; row < m && n > 0; row++)
            dense.AsSpan(row * n, n).CopyTo(product.AsSpan(row * problem.Ldc));
        return product;
    }

    private static void AssertSame(GemmProblem problem, float[] expected, GemmEpilogue epilogue)
    {
        foreach (SimdLevel level in Levels.All)
        {
            foreach (int threads in Threads)
            {
                float[] c = problem.C;
                Kernel.Gemm(
                    level, problem.TransposeA, problem.TransposeB, problem.M, problem.N, problem.K, 1, problem.A, problem.Lda, problem.B,
                    problem.Ldb, 0, c, problem.Ldc, threads, epilogue);
                Bits.AssertSame(expected, c, $"{problem} {level}, {threads} threads");
            }
        }
    }

    private readonly struct EpilogueCall(GemmEpilogue epilogue, float* c, int m, int n) : ISimdCall
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => epilogue.Run<TSimd, TVector>(c, n, m, n);
    }
}
