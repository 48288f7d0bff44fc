using System.Runtime.InteropServices;
using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>Kernels that read or write a matrix where vectors belong give the same bits wherever it begins, and leave what is around it.</summary>
public sealed class AlignmentTests
{
    private const int Line = 16, M = 9;
    private const float Around = -1e10f;

    /// <summary>n and lda: rows that all begin equally far behind a cache line, or a vector of one width, and rows that do not.</summary>
    public static TheoryData<int, int> Shapes => new()
    {
        { 1, 16 }, { 15, 16 }, { 16, 16 }, { 17, 32 }, { 31, 32 }, { 33, 48 }, { 128, 128 }, { 130, 144 }, { 141, 144 }, { 300, 304 }, { 131, 131 },
        { 135, 136 }, { 137, 140 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gemv_sums_along_rows(int n, int lda) => AssertSameEverywhere(
        n, lda, Inputs.Uniform(3, M), (level, a, y) => Kernel.Gemv(level, Transpose.No, M, n, 0.7f, a, lda, Inputs.Uniform(2, n), 1.3f, y));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gemv_sums_along_columns(int n, int lda) => AssertSameEverywhere(
        n, lda, Inputs.Uniform(3, n), (level, a, y) => Kernel.Gemv(level, Transpose.Yes, M, n, 0.7f, a, lda, Inputs.Uniform(2, M), 1.3f, y));

    [Theory]
    [InlineData(Transpose.No)]
    [InlineData(Transpose.Yes)]
    public void Gemv_of_a_matrix_beyond_L2(Transpose transpose)
    {
        const int Rows = 400, Columns = 1344;
        float[] storage = new float[Rows * Columns + 2 * Line];
        float[] a = Inputs.Uniform(1, Rows * Columns), x = Inputs.Uniform(2, transpose == Transpose.Yes ? Rows : Columns);
        float[] expected = new float[Rows + Columns - x.Length];
        Kernel.Gemv(SimdLevel.Scalar, transpose, Rows, Columns, 0.7f, a, Columns, x, 0, expected);
        for (int offset = 0; offset < Line; offset += 5)
        {
            Span<float> moved = storage.AsSpan(offset, a.Length);
            a.CopyTo(moved);
            foreach (SimdLevel level in Levels.All)
            {
                float[] y = new float[expected.Length];
                Kernel.Gemv(level, transpose, Rows, Columns, 0.7f, moved, Columns, x, 0, y);
                Bits.AssertSame(expected, y, $"{level}, {offset} elements on");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gemm_of_few_rows_by_B_transposed(int k, int ldb) => AssertSameEverywhere(
        k, ldb, new float[3 * M],
        (level, b, c) => Kernel.Gemm(
            level, Transpose.No, Transpose.Yes, 3, M, k, 0.7f, Inputs.Uniform(2, 3 * k), k, b, ldb, 0, c, M));

    /// <summary>Every number of rows of A and of Bᵀ that is taken at once, and a block of each after another.</summary>
    [Theory]
    [InlineData(1, 9)]
    [InlineData(2, 6)]
    [InlineData(3, 7)]
    [InlineData(4, 9)]
    [InlineData(5, 6)]
    [InlineData(6, 7)]
    [InlineData(8, 5)]
    public void Gemm_of_any_few_rows_by_B_transposed(int m, int n) => AssertSameEverywhere(
        141, 144, Inputs.Uniform(3, m * n),
        (level, b, c) => Kernel.Gemm(
            level, Transpose.No, Transpose.Yes, m, n, 141, 0.7f, Inputs.Uniform(2, m * 141), 141, b, 144, 1.3f, c, n));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Ger(int n, int lda)
    {
        float[] x = Inputs.Uniform(2, M), y = Inputs.Uniform(3, n);
        float[] expected = Inputs.Uniform(1, (M - 1) * lda + n);
        for (int i = 0; i < M; i++)
            for (int j = 0; j < n; j++)
                expected[i * lda + j] = MathF.FusedMultiplyAdd(0.7f * x[i], y[j], expected[i * lda + j]);
        AssertSameEverywhere(n, lda, expected, (level, a, result) =>
        {
            Kernel.Ger(level, M, n, 0.7f, x, y, a, lda);
            a.CopyTo(result);
        }, expected);
    }

    [Fact]
    public void Floats_may_begin_at_any_byte()
    {
        const int N = 141, Lda = 144;
        foreach ((string name, float[] result, Call call) in new (string, float[], Call)[]
        {
            ("Gemv", Inputs.Uniform(3, M), (level, a, y) => Kernel.Gemv(level, Transpose.No, M, N, 0.7f, a, Lda, Inputs.Uniform(2, N), 1.3f, y)),
            ("Gemv t", Inputs.Uniform(3, N), (level, a, y) => Kernel.Gemv(level, Transpose.Yes, M, N, 0.7f, a, Lda, Inputs.Uniform(2, M), 1.3f, y)),
            ("Ger", Inputs.Uniform(3, (M - 1) * Lda + N), (level, y, a) => Kernel.Ger(level, M, N, 0.7f, Inputs.Uniform(2, M), y[..N], a, Lda)),
        })
        {
            float[] matrix = Inputs.Uniform(1, (M - 1) * Lda + N), expected = [.. result];
            call(SimdLevel.Scalar, matrix, expected);
            for (int offset = 1; offset < Line * sizeof(float); offset += 2)
            {
                foreach (SimdLevel level in Levels.All)
                {
                    Span<float> moved = MovedByBytes(result, offset);
                    call(level, MovedByBytes(matrix, offset), moved);
                    Bits.AssertSame(expected, moved, $"{name} {level}, {offset} bytes on");
                }
            }
        }
    }

    private static Span<float> MovedByBytes(float[] values, int offset)
    {
        Span<float> moved = MemoryMarshal.Cast<byte, float>(new byte[(values.Length + Line) * sizeof(float)].AsSpan(offset))[..values.Length];
        values.CopyTo(moved);
        return moved;
    }

    private delegate void Call(SimdLevel level, Span<float> matrix, Span<float> result);

    /// <summary>Runs a kernel on a matrix moved on element by element, its result moved as well, and compares with the scalar level's.</summary>
    private static void AssertSameEverywhere(int n, int lda, float[] result, Call call, float[]? expected = null)
    {
        float[] matrix = Inputs.Uniform(1, (M - 1) * lda + n);
        if (expected is null)
        {
            expected = [.. result];
            call(SimdLevel.Scalar, matrix, expected);
        }
        for (int offset = 0; offset <= Line; offset++)
        {
            foreach (SimdLevel level in Levels.All)
            {
                float[] movedMatrix = Moved(matrix, offset), movedResult = Moved(result, offset);
                call(level, movedMatrix.AsSpan(offset, matrix.Length), movedResult.AsSpan(offset, result.Length));
                string what = $"{M}×{n}, rows {lda} apart, {level}, {offset} elements on";
                Bits.AssertSame(expected, movedResult.AsSpan(offset, result.Length), what);
                AssertUntouched(movedMatrix, offset, matrix.Length);
                AssertUntouched(movedResult, offset, result.Length);
            }
        }
    }

    private static float[] Moved(float[] values, int offset)
    {
        float[] moved = Inputs.Filled(values.Length + 2 * Line, Around);
        values.CopyTo(moved, offset);
        return moved;
    }

    private static void AssertUntouched(float[] moved, int offset, int length)
    {
        Assert.All(moved[..offset], value => Assert.Equal(Around, value));
        Assert.All(moved[(offset + length)..], value => Assert.Equal(Around, value));
    }
}
