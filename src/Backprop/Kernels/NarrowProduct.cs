using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>A product whose C has fewer columns than a vector has lanes, made as Cᵀ = Bᵀ Aᵀ, lanes running over the rows of C.</summary>
/// <remarks>The chain behind an element is the same, factors of a product being free to change places.</remarks>
internal static unsafe class NarrowProduct
{
    /// <summary>The most rows of C at once: with 15 columns they are 1 MB of the thread's buffer.</summary>
    private const int MaxRows = 1 << 14;

    /// <summary>C ← beta C + A B with A and B as stored contiguous along m and n, and nothing scaled.</summary>
    public static void Run<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int rows = Math.Min(g.M, MaxRows);
        int stride = (rows + LaneSum.Lanes - 1) / LaneSum.Lanes * LaneSum.Lanes;
        float* transposed = ScratchBuffer.Get(g.N * stride);
        var left = new GemmOperand(g.B.Origin, 1, g.B.Row);
        for (int i = 0; i < g.M; i += rows)
        {
            int mi = Math.Min(rows, g.M - i);
            float* c = g.C + i * g.Ldc;
            if (g.Beta != 0f) GemmPacking.TransposePanel<TSimd, TVector>(c, g.Ldc, g.N, mi, transposed, stride);
            var right = new GemmOperand(g.A.Origin + i, g.A.Step, 2 * TSimd.Width);
            GemmBlocks.Tiles<TSimd, TVector>(g.N, mi, g.K, left, right, g.Beta, transposed, stride);
            GemmPacking.TransposePanel<TSimd, TVector>(transposed, stride, mi, g.N, c, (int)g.Ldc);
        }
    }
}
