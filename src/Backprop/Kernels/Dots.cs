using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>Products whose both operands are contiguous along the reduced index: each element a sum over 16 lanes and one tree.</summary>
internal static unsafe class Dots
{
    /// <summary>The least length of rows from which on they are read where vectors belong: one vector more must pay.</summary>
    private const int MinAlignedLength = 128;

    /// <summary>The most rows of X that a tile of 32 registers takes, four sums each; half as many with 16.</summary>
    private const int MaxRowsOfX = 6;

    /// <summary>The fewest rows of A and the longest x for which x is copied to where no load of it crosses a cache line.</summary>
    private const int MinRowsForCopy = 64, MaxCopied = 4096;

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
        float* scratch = stackalloc float[MaxRowsOfX * 4 * LaneSum.Lanes];
        if (m == 1 && n >= MinRowsForCopy && k is >= MinAlignedLength and <= MaxCopied && lda % TSimd.Width != 0)
        {
            // A cannot be read aligned, so that x is what can be: 5–7 % at 256 bits, 3 % at 512 (Zen 5, A in L2)
            float* copy = stackalloc float[k + LaneSum.Lanes];
            copy += -((nint)copy / sizeof(float)) & (LaneSum.Lanes - 1);
            new ReadOnlySpan<float>(x, k).CopyTo(new Span<float>(copy, k));
            x = copy;
        }
        // at 256 bits 32 registers hold all parts of half the rows, which is up to 1.2 times as fast as two passes over all
        int mostRows = VectorRegisters.Are32 && TSimd.Level != SimdLevel.V256 ? MaxRowsOfX : MaxRowsOfX / 2;
        int blocks = (m + mostRows - 1) / mostRows;
        int rowsOfA = blocks > 1 ? VectorPlan.Current.RowsInL2(k) : n;
        for (int j = 0; j < n; j += rowsOfA)
        {
            for (int i = 0, left = blocks; left > 0; left--)
            {
                int rows = (m - i + left - 1) / left;
                Block<TSimd, TVector>(
                    rows, Math.Min(rowsOfA, n - j), k, alpha, x + i * ldx, ldx, a + j * lda, lda, beta,
                    y + i * ldy + j * stepY, ldy, stepY, scratch);
                i += rows;
            }
        }
    }

    /// <summary>The same for no more rows of X than a tile has. What each tile wins: decision 0006.</summary>
    private static void Block<TSimd, TVector>(
        int m, int n, int k, float alpha, float* x, nint ldx, float* a, nint lda, float beta,
        float* y, nint ldy, nint stepY, float* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        switch (m)
        {
            case 1 when TSimd.Width == LaneSum.Lanes:
                if (VectorPlan.Current.IsInL2((long)n * k))
                    Tile<TSimd, TVector, N1, N1, N8, BeyondL1>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, scratch);
                else
                    Tile<TSimd, TVector, N1, N1, N8, InL1>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, scratch);
                break;
            case 1: Rows<TSimd, TVector, N1>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, scratch); break;
            case 2: Rows<TSimd, TVector, N2>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, scratch); break;
            case 3: Rows<TSimd, TVector, N3>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, scratch); break;
            case 4: Rows<TSimd, TVector, N4>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, scratch); break;
            case 5: Rows<TSimd, TVector, N5>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, scratch); break;
            default: Rows<TSimd, TVector, N6>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, scratch); break;
        }
    }

    /// <summary>All 16 lanes in one pass where the registers hold them, one vector of them otherwise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows<TSimd, TVector, TRowsOfX>(
        int n, int k, float alpha, float* x, nint ldx, float* a, nint lda, float beta, float* y, nint ldy, nint stepY, float* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRowsOfX : unmanaged, ICount
    {
        int groups = (VectorRegisters.Are32 ? MaxRowsOfX : MaxRowsOfX / 2) / sizeof(TRowsOfX);
        if (4 * TSimd.Width == LaneSum.Lanes && groups >= 4)
            Rows<TSimd, TVector, TRowsOfX, N4>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, scratch);
        else if (2 * TSimd.Width == LaneSum.Lanes && groups >= 2)
            Rows<TSimd, TVector, TRowsOfX, N2>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, scratch);
        else
            Rows<TSimd, TVector, TRowsOfX, N1>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, scratch);
    }

    /// <summary>Four rows of A at a time; from three rows of X on the last one or two by themselves, where four would cost more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows<TSimd, TVector, TRowsOfX, TParts>(
        int n, int k, float alpha, float* x, nint ldx, float* a, nint lda, float beta, float* y, nint ldy, nint stepY, float* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRowsOfX : unmanaged, ICount
        where TParts : unmanaged, ICount
    {
        int last = sizeof(TRowsOfX) > 2 && n % 4 is 1 or 2 ? n % 4 : 0;
        n -= last;
        if (n > 0) Tile<TSimd, TVector, TRowsOfX, TParts, N4, InL1>(n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, scratch);
        a += n * lda;
        y += n * stepY;
        if (last > 0) Tile<TSimd, TVector, TRowsOfX, TParts, N2, InL1>(last, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, scratch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, TLoad>(
        int n, int k, float alpha, float* x, nint ldx, float* a, nint lda, float beta, float* y, nint ldy, nint stepY, float* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRowsOfX : unmanaged, ICount
        where TParts : unmanaged, ICount
        where TRowsOfA : unmanaged, ICount
        where TLoad : struct, IMatrixLoad
    {
        bool aligns = sizeof(TParts) * TSimd.Width == LaneSum.Lanes && k >= MinAlignedLength && lda % TSimd.Width == 0;
        int misalignment = aligns ? (int)((nuint)a / sizeof(float)) & (TSimd.Width - 1) : 0;
        DotTile<TSimd, TVector, TRowsOfX, TParts, TRowsOfA>.Run<TLoad>(
            n, k, alpha, x, ldx, a, lda, beta, y, ldy, stepY, scratch, misalignment);
    }
}
