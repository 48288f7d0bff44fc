using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>Products whose both operands are contiguous along the reduced index: each element a sum over 16 lanes and one tree.</summary>
internal static unsafe class Dots
{
    /// <summary>The elements of A from which on, for one row of X, 8 rows at a time are faster than 4, as they are in L1: more than an L2 cache
    /// of 1 MB (decision 0006).</summary>
    private const long LeastElementsBeyondL2 = 1 << 18;

    /// <summary>The elements of A that all rows of X meet before the next ones: 384 KB, which stay in L2.</summary>
    private const long ElementsNear = 3 << 15;

    /// <summary>C ← beta C + alpha A B, k ≥ 1, A and B contiguous along k. The smaller of A and Bᵀ is X below: fewer tiles, more rows to
    /// each.</summary>
    public static void Run<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (g.M <= g.N)
            Run<TSimd, TVector>(g.M, g.N, g.K, g.Alpha, g.A.Origin, g.A.Row, g.B.Origin, g.B.Step, g.Beta, g.C, g.Ldc, 1);
        else
            Run<TSimd, TVector>(g.N, g.M, g.K, g.Alpha, g.B.Origin, g.B.Step, g.A.Origin, g.A.Row, g.Beta, g.C, 1, g.Ldc);
    }

    /// <summary>y_ij ← fma(alpha, Σ x_ip a_jp, beta y_ij), or alpha Σ where beta is 0 and y is not read: Y m × n, X m × k, A n × k,
    /// k ≥ 1; y_ij is at i · ldy + j · stepY.</summary>
    [SkipLocalsInit]
    public static void Run<TSimd, TVector>(
        int m, int n, int k, float alpha, float* x, nint ldx, float* a, nint lda, float beta, float* y, nint ldy, nint stepY)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* lanes = stackalloc float[DotTile.MostSums * LaneSum.Lanes + LaneSum.Lanes];
        lanes = (float*)(((nuint)lanes + Alignment - 1) & ~(Alignment - 1));
        int before = Before<TSimd, TVector>(a, lda, k);
        int most = DotTile.MaxRowsOfX<TSimd, TVector>();
        int blocks = (m + most - 1) / most;
        int near = blocks > 1 ? (int)Math.Max(4, ElementsNear / k / 4 * 4) : n;
        for (int j = 0; j < n; j += near)
        {
            for (int i = 0, left = blocks; left > 0; left--)
            {
                int rows = (m - i + left - 1) / left;
                Block<TSimd, TVector>(
                    rows, Math.Min(near, n - j), k, alpha, x + i * ldx, ldx, a + j * lda, lda, beta,
                    y + i * ldy + j * stepY, ldy, stepY, lanes, before);
                i += rows;
            }
        }
    }

    /// <summary>The same for no more rows of X than a tile has.</summary>
    private static void Block<TSimd, TVector>(
        int m, int n, int k, float alpha, float* x, nint ldx, float* a, nint lda, float beta,
        float* y, nint ldy, nint stepY, float* lanes, int before)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int done = 0;
        if (m == 1 && (long)n * k is <= InL1.MostElements or >= LeastElementsBeyondL2)
        {
            DotTile.Run<TSimd, TVector, N1, N8>(n / 8, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, before);
            done = n / 8 * 8;
        }
        Tile<TSimd, TVector, N4>(m, (n - done) / 4, k, alpha, x, ldx, a + done * lda, lda, beta, y + done * stepY, ldy, stepY, lanes, before);
        done = n / 4 * 4;
        float* last = a + done * lda;
        switch (n - done)
        {
            case 1: Tile<TSimd, TVector, N1>(m, 1, k, alpha, x, ldx, last, lda, beta, y + done * stepY, ldy, stepY, lanes, before); break;
            case 2: Tile<TSimd, TVector, N2>(m, 1, k, alpha, x, ldx, last, lda, beta, y + done * stepY, ldy, stepY, lanes, before); break;
            case 3: Tile<TSimd, TVector, N3>(m, 1, k, alpha, x, ldx, last, lda, beta, y + done * stepY, ldy, stepY, lanes, before); break;
        }
    }

    /// <summary>How far all rows of A begin behind a place where a vector belongs, or 0 where that is not worth another vector.</summary>
    private static int Before<TSimd, TVector>(float* a, nint lda, int k)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        bool matters = TSimd.Level == SimdLevel.V512 && k >= LeastAligned && lda % LaneSum.Lanes == 0;
        return matters ? (int)((nuint)a / sizeof(float)) & (LaneSum.Lanes - 1) : 0;
    }

    /// <summary>The least length of rows from which on they are read where vectors belong.</summary>
    private const int LeastAligned = 128;

    private const nuint Alignment = sizeof(float) * LaneSum.Lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TSimd, TVector, TRows>(
        int rowsOfX, int groups, int k, float alpha, float* x, nint ldx, float* a, nint lda, float beta,
        float* y, nint ldy, nint stepY, float* lanes, int before)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ICount
    {
        if (groups == 0) return;
        switch (rowsOfX)
        {
            case 1: DotTile.Run<TSimd, TVector, N1, TRows>(groups, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, before); break;
            case 2: DotTile.Run<TSimd, TVector, N2, TRows>(groups, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, before); break;
            case 3: DotTile.Run<TSimd, TVector, N3, TRows>(groups, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, before); break;
            case 4: DotTile.Run<TSimd, TVector, N4, TRows>(groups, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, before); break;
            case 5: DotTile.Run<TSimd, TVector, N5, TRows>(groups, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, before); break;
            default: DotTile.Run<TSimd, TVector, N6, TRows>(groups, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, before); break;
        }
    }
}
