using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>The tile that stands in for every other one until that is compiled: any rows, any columns, A either way.</summary>
/// <remarks>Four rows of one vector at a time: small, so that it is compiled in less than a millisecond, and at 512 bits still a third to a half
/// as fast as the others (decision 0011). The chains are theirs, and so the bits.</remarks>
internal static unsafe class TileOfAnySize
{
    /// <summary>C ← beta C + (alpha A) B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TSimd, TVector>(TileArguments* t, float* a, float* b, float* c)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint toNextRow = t->IsColumnMajor ? 1 : t->Lda, toNextStep = t->IsColumnMajor ? t->Lda : 1, ldb = t->Ldb, ldc = t->Ldc;
        float alpha = t->Alpha;
        TVector beta = TSimd.Broadcast(t->Beta);
        for (int j = 0; j < t->Columns; j += TSimd.Width)
        {
            TVector mask = TSimd.FirstLanes(t->Columns - j);
            for (int i = 0; i < t->Rows; i += 4)
            {
                // the last row stands in for those that are missing
                nint last = t->Rows - 1 - i, row1 = Math.Min(1, last), row2 = Math.Min(2, last), row3 = Math.Min(3, last);
                float* c0 = c + i * ldc + j, c1 = c0 + row1 * ldc, c2 = c0 + row2 * ldc, c3 = c0 + row3 * ldc;
                TVector s0 = default, s1 = default, s2 = default, s3 = default;
                if (t->Beta != 0f)
                {
                    s0 = TSimd.Multiply(beta, TSimd.LoadMasked(c0, mask));
                    s1 = TSimd.Multiply(beta, TSimd.LoadMasked(c1, mask));
                    s2 = TSimd.Multiply(beta, TSimd.LoadMasked(c2, mask));
                    s3 = TSimd.Multiply(beta, TSimd.LoadMasked(c3, mask));
                }
                float* x = a + i * toNextRow, row = b + j;
                nint x1 = row1 * toNextRow, x2 = row2 * toNextRow, x3 = row3 * toNextRow;
                for (int left = t->K; left > 0; left--, x += toNextStep, row += ldb)
                {
                    TVector v = TSimd.LoadMasked(row, mask);
                    s0 = TSimd.FusedMultiplyAdd(TSimd.Broadcast(alpha * *x), v, s0);
                    s1 = TSimd.FusedMultiplyAdd(TSimd.Broadcast(alpha * x[x1]), v, s1);
                    s2 = TSimd.FusedMultiplyAdd(TSimd.Broadcast(alpha * x[x2]), v, s2);
                    s3 = TSimd.FusedMultiplyAdd(TSimd.Broadcast(alpha * x[x3]), v, s3);
                }
                TSimd.StoreMasked(c0, mask, s0);
                TSimd.StoreMasked(c1, mask, s1);
                TSimd.StoreMasked(c2, mask, s2);
                TSimd.StoreMasked(c3, mask, s3);
            }
        }
    }
}
