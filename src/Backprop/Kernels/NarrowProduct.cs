using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>A product whose C has fewer columns than a vector has lanes, made as Cᵀ = Bᵀ Aᵀ, lanes running over the rows of C.</summary>
/// <remarks>The chain behind an element is the same, factors of a product being free to change places.</remarks>
internal static unsafe class NarrowProduct
{
    /// <summary>C ← beta C + alpha A B, A contiguous along m or along k, so many rows at once.</summary>
    public static void Run<TSimd, TVector>(in GemmArguments g, int rows)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        bool copies = !g.Shape.IsColumnMajorA || g.Alpha != 1f;
        bool transposesInRegisters = !g.Shape.IsColumnMajorA && g.Alpha == 1f && g.N <= TransposingTile.MaxColumns;
        int stride = (rows + LaneSum.Lanes - 1) / LaneSum.Lanes * LaneSum.Lanes;
        // of an A that is transposed in registers less than a vector of rows is left to copy
        int strideOfCopy = transposesInRegisters ? LaneSum.Lanes : stride;
        float* transposed = ScratchBuffer.Get(g.N * stride + (copies ? g.K * strideOfCopy : 0)), copy = transposed + g.N * stride;
        PrefetchPass* passes = stackalloc PrefetchPass[2];
        PanelPrefetch nothing = default;
        var left = TileOperand.InPlace(new GemmOperand(g.B.Origin, g.B.Step, g.B.Row), isColumnMajor: !g.Shape.IsTransposedB);
        for (int i = 0, mi; i < g.M; i += mi)
        {
            mi = Math.Min(rows, g.M - i);
            float* c = g.C + i * g.Ldc;
            if (g.Beta != 0f) GemmPacking.TransposePanel<TSimd, TVector>(c, g.Ldc, g.N, mi, transposed, stride);
            int done = transposesInRegisters ? TransposingTile.Run<TSimd, TVector>(g, i, mi, transposed, stride) : 0;
            if (done < mi)
            {
                GemmOperand a = g.A.From(i + done, 0);
                var right = new GemmOperand(a.Origin, a.Step, a.Row);
                if (copies)
                {
                    CopyA<TSimd, TVector>(g, a.Origin, mi - done, copy, strideOfCopy);
                    right = new GemmOperand(copy, strideOfCopy, 1);
                }
                GemmTiles.Run<TSimd, TVector>(
                    g.N, mi - done, g.K, left, right, 2 * TSimd.Width, g.Beta, transposed + done, stride, ref nothing, prefetchesC: false, passes);
            }
            GemmPacking.TransposePanel<TSimd, TVector>(transposed, stride, mi, g.N, c, (int)g.Ldc);
        }
    }

    /// <summary>copy[p · stride + i] = alpha a_ip for m rows of A.</summary>
    private static void CopyA<TSimd, TVector>(in GemmArguments g, float* a, int m, float* copy, int stride)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (g.Shape.IsColumnMajorA)
        {
            ScaledCopy.Run<TSimd, TVector>(a, g.A.Step, g.K, m, g.Alpha, copy, stride);
            return;
        }
        GemmPacking.TransposePanel<TSimd, TVector>(a, g.A.Row, g.K, m, copy, stride);
        if (g.Alpha != 1f) ScaledCopy.Run<TSimd, TVector>(copy, stride, g.K, m, g.Alpha, copy, stride);
    }
}
