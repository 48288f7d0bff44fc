using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>A product whose C has fewer columns than a vector has lanes, made as Cᵀ = Bᵀ Aᵀ, lanes running over the rows of C.</summary>
/// <remarks>The chain behind an element is the same, factors of a product being free to change places.</remarks>
internal static unsafe class NarrowProduct
{
    /// <summary>C ← beta C + A B with A and B as stored contiguous along m and n, and nothing scaled.</summary>
    public static void Run<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int stride = (g.M + LaneSum.Lanes - 1) / LaneSum.Lanes * LaneSum.Lanes;
        float* transposed = ScratchBuffer.Get(g.N * stride);
        if (g.Beta != 0f) GemmPacking.TransposePanel<TSimd, TVector>(g.C, g.Ldc, g.N, g.M, transposed, stride);
        var left = new GemmOperand(g.B.Origin, 1, g.B.Row);
        var right = new GemmOperand(g.A.Origin, g.A.Step, 2 * TSimd.Width);
        GemmBlocks.Tiles<TSimd, TVector>(g.N, g.M, g.K, left, right, g.Beta, transposed, stride);
        GemmPacking.TransposePanel<TSimd, TVector>(transposed, stride, g.M, g.N, g.C, (int)g.Ldc);
    }
}
