using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>Products whose both operands are contiguous along the reduced index: each element a sum over 16 lanes and one tree.</summary>
internal static unsafe class Dots
{
    private static readonly DotPlan s_plan = new(32 << 10, 1 << 20);

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
        float* lanes = stackalloc float[DotTile.MaxSums * LaneSum.Lanes + LaneSum.Lanes];
        lanes = (float*)(((nuint)lanes + Alignment - 1) & ~(Alignment - 1));
        // the last rows of A that make no tile are the X of another product, where X has a tile's worth of rows
        int last = m >= 4 ? n % 4 : 0;
        n -= last;
        int misalignment = Misalignment<TSimd, TVector>(a, lda, k);
        int most = DotTile.MaxRowsOfX;
        int blocks = (m + most - 1) / most;
        int rowsNear = blocks > 1 ? s_plan.RowsInL2(k) : n;
        for (int j = 0; j < n; j += rowsNear)
        {
            for (int i = 0, left = blocks; left > 0; left--)
            {
                int rows = (m - i + left - 1) / left;
                Tile<TSimd, TVector>(
                    rows, Math.Min(rowsNear, n - j), k, alpha, x + i * ldx, ldx, a + j * lda, lda, beta,
                    y + i * ldy + j * stepY, ldy, stepY, lanes, misalignment);
                i += rows;
            }
        }
        if (last > 0)
        {
            Tile<TSimd, TVector>(
                last, m, k, alpha, a + n * lda, lda, x, ldx, beta, y + n * stepY, stepY, ldy, lanes, Misalignment<TSimd, TVector>(x, ldx, k));
        }
    }

    /// <summary>How far all rows of A begin behind a place where a vector belongs, or 0 where that is not worth another vector.</summary>
    private static int Misalignment<TSimd, TVector>(float* a, nint lda, int k)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        bool matters = TSimd.Level == SimdLevel.V512 && k >= MinAlignedLength && lda % LaneSum.Lanes == 0;
        return matters ? (int)((nuint)a / sizeof(float)) & (LaneSum.Lanes - 1) : 0;
    }

    /// <summary>The least length of rows from which on they are read where vectors belong.</summary>
    private const int MinAlignedLength = 128;

    private const nuint Alignment = sizeof(float) * LaneSum.Lanes;

    private static void Tile<TSimd, TVector>(
        int rowsOfX, int n, int k, float alpha, float* x, nint ldx, float* a, nint lda, float beta,
        float* y, nint ldy, nint stepY, float* lanes, int misalignment)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (n == 0) return;
        switch (rowsOfX)
        {
            case 1 when TSimd.Level == SimdLevel.V512:
                if (s_plan.IsInL2((long)n * k))
                    DotTile.Run<TSimd, TVector, N1, N1, N8, WholeVector<BeyondL1>>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, misalignment);
                else
                    DotTile.Run<TSimd, TVector, N1, N1, N8, WholeVector<InL1>>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, misalignment);
                break;
            case 1: Tile<TSimd, TVector, N1>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, misalignment); break;
            case 2: Tile<TSimd, TVector, N2>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, misalignment); break;
            case 3: Tile<TSimd, TVector, N3>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, misalignment); break;
            case 4: Tile<TSimd, TVector, N4>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, misalignment); break;
            case 5: Tile<TSimd, TVector, N5>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, misalignment); break;
            default: Tile<TSimd, TVector, N6>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, misalignment); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TSimd, TVector, TRowsOfX>(
        int n, int k, float alpha, float* x, nint ldx, float* a, nint lda, float beta,
        float* y, nint ldy, nint stepY, float* lanes, int misalignment)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRowsOfX : unmanaged, ICount
    {
        if (4 * Unsafe.SizeOf<TVector>() <= 64 && 4 * sizeof(TRowsOfX) <= DotTile.MaxGroups)
            DotTile.Run<TSimd, TVector, TRowsOfX, N4, N4, WholeVector<InL1>>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, misalignment);
        else if (2 * Unsafe.SizeOf<TVector>() <= 64 && 2 * sizeof(TRowsOfX) <= DotTile.MaxGroups)
            DotTile.Run<TSimd, TVector, TRowsOfX, N2, N4, WholeVector<InL1>>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, misalignment);
        else
            DotTile.Run<TSimd, TVector, TRowsOfX, N1, N4, WholeVector<InL1>>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, lanes, misalignment);
    }
}
