using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>A product whose C has fewer columns than a vector has lanes, made as Cᵀ = Bᵀ Aᵀ, lanes running over the rows of C.</summary>
/// <remarks>The chain behind an element is the same, factors of a product being free to change places.</remarks>
internal static unsafe class NarrowProduct
{
    /// <summary>The most rows of C at once: with 15 columns they are 1 MB of the thread's buffer.</summary>
    private const int MaxRows = 1 << 14;

    /// <summary>The most elements of A that are copied at once, turned round or scaled: half a megabyte.</summary>
    private const int MaxElementsOfA = 1 << 17;

    /// <summary>C ← beta C + alpha A B, A contiguous along m or along k.</summary>
    public static void Run<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        bool copies = g.A.Row != 1 || g.Alpha != 1f, turns = g.A.Row != 1 && g.Alpha == 1f && g.N <= TurnedTile.MostColumns;
        int rows = Math.Min(g.M, copies && !turns ? MaxElementsOfA / g.K / LaneSum.Lanes * LaneSum.Lanes : MaxRows);
        int stride = (rows + LaneSum.Lanes - 1) / LaneSum.Lanes * LaneSum.Lanes;
        // of an A that is turned round in registers less than a vector of rows is left to copy
        int strideOfCopy = turns ? LaneSum.Lanes : stride;
        float* transposed = ScratchBuffer.Get(g.N * stride + (copies ? g.K * strideOfCopy : 0)), copy = transposed + g.N * stride;
        var left = new GemmOperand(g.B.Origin, g.B.Step, g.B.Row);
        for (int i = 0, mi; i < g.M; i += mi)
        {
            mi = Math.Min(rows, g.M - i);
            float* c = g.C + i * g.Ldc;
            if (g.Beta != 0f) GemmPacking.TransposePanel<TSimd, TVector>(c, g.Ldc, g.N, mi, transposed, stride);
            int done = turns ? TurnedTile.Run<TSimd, TVector>(g, i, mi, transposed, stride) : 0;
            if (done < mi)
            {
                float* a = g.A.Origin + (i + done) * g.A.Row;
                nint step = g.A.Step;
                if (copies)
                {
                    CopyA<TSimd, TVector>(g, a, mi - done, copy, strideOfCopy);
                    a = copy;
                    step = strideOfCopy;
                }
                GemmTiles.Run<TSimd, TVector>(
                    g.N, mi - done, g.K, left, new GemmOperand(a, step, 2 * TSimd.Width), g.Beta, transposed + done, stride, isFarC: false);
            }
            GemmPacking.TransposePanel<TSimd, TVector>(transposed, stride, mi, g.N, c, (int)g.Ldc);
        }
    }

    /// <summary>copy[p · stride + i] = alpha a_ip for m rows of A.</summary>
    private static void CopyA<TSimd, TVector>(in GemmArguments g, float* a, int m, float* copy, int stride)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (g.A.Row == 1)
        {
            ScaledCopy.Run<TSimd, TVector>(a, g.A.Step, g.K, m, g.Alpha, copy, stride);
            return;
        }
        GemmPacking.TransposePanel<TSimd, TVector>(a, g.A.Row, g.K, m, copy, stride);
        if (g.Alpha != 1f) ScaledCopy.Run<TSimd, TVector>(copy, stride, g.K, m, g.Alpha, copy, stride);
    }
}
