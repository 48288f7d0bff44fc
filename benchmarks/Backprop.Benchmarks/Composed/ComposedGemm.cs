using System.Numerics.Tensors;
using Backprop.Benchmarks.Cases;

namespace Backprop.Benchmarks.Composed;

/// <summary>
/// A matrix product of <see cref="TensorPrimitives"/> calls: rows of B are added up where B is not transposed, dot products taken where
/// both operands are contiguous along k; where only A is transposed as well, its columns are gathered first.
/// </summary>
internal static class ComposedGemm
{
    public static void Multiply(GemmCase problem, Span<float> column)
    {
        for (int i = 0; i < problem.M; i++)
        {
            ReadOnlySpan<float> a = problem.A.AsSpan(problem.TransposeA ? 0 : i * problem.K, problem.TransposeA ? 0 : problem.K);
            if (problem.TransposeA)
                a = Gather(problem, i, column);
            Span<float> c = problem.C.AsSpan(i * problem.N, problem.N);
            if (problem.TransposeB)
                DotProducts(problem, a, c);
            else
                AddRows(problem, a, c);
        }
    }

    private static Span<float> Gather(GemmCase problem, int i, Span<float> column)
    {
        for (int p = 0; p < column.Length; p++)
            column[p] = problem.A[p * problem.M + i];
        return column;
    }

    private static void DotProducts(GemmCase problem, ReadOnlySpan<float> a, Span<float> c)
    {
        for (int j = 0; j < c.Length; j++)
            c[j] = TensorPrimitives.Dot(a, problem.B.AsSpan(j * problem.K, problem.K));
    }

    private static void AddRows(GemmCase problem, ReadOnlySpan<float> a, Span<float> c)
    {
        c.Clear();
        for (int p = 0; p < a.Length; p++)
            TensorPrimitives.MultiplyAdd(problem.B.AsSpan(p * problem.N, problem.N), a[p], c, c);
    }
}
