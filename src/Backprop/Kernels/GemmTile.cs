using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>How many vectors of columns a register tile has, and whether its last one is cut short.</summary>
internal interface ITileColumns
{
    /// <summary>1 or 2.</summary>
    static abstract int Vectors { get; }

    /// <summary>Whether the last vector goes through the mask.</summary>
    static virtual bool Masked => true;

    /// <summary>Whether the second vector has elements in its lower half alone.</summary>
    static virtual bool Half => false;
}

internal readonly struct TwoVectors : ITileColumns
{
    public static int Vectors => 2;

    public static bool Masked => false;
}

internal readonly struct OneVector : ITileColumns
{
    public static int Vectors => 1;

    public static bool Masked => false;
}

internal readonly struct TwoVectorsMasked : ITileColumns
{
    public static int Vectors => 2;
}

internal readonly struct OneVectorMasked : ITileColumns
{
    public static int Vectors => 1;
}

internal readonly struct TwoVectorsHalf : ITileColumns
{
    public static int Vectors => 2;

    public static bool Half => true;
}

/// <summary>What a tile does beside multiplying.</summary>
internal interface IPanelUse
{
    /// <summary>Whether it copies the panel, row after row, for the tiles that follow, and asks for rows ahead.</summary>
    static virtual bool Copies => false;

    /// <summary>How many cache lines it asks for in each row: 0, 1 or 2.</summary>
    static virtual int FetchedLines => 0;

    /// <summary>How far it goes on with that from row to row: as far as the panel, or in order through what lies elsewhere.</summary>
    static virtual nint FetchStep(nint panelStep) => panelStep;

    /// <summary>Whether it asks for a tile of C, two cache lines of each row, one line every four rows of the panel: in a burst they would
    /// hold up the tile's own loads.</summary>
    static virtual bool FetchesC => false;
}

internal readonly struct OnlyRead : IPanelUse;

internal readonly struct KeepCopy : IPanelUse
{
    public static bool Copies => true;
}

internal readonly struct FetchLine : IPanelUse
{
    public static int FetchedLines => 1;
}

internal readonly struct FetchTwoLines : IPanelUse
{
    public static int FetchedLines => 2;
}

internal readonly struct FetchInOrder : IPanelUse
{
    /// <summary>Half a cache line a row of the panel: 11 GB/s at 4 GHz and 12 cycles a row, which far memory can give.</summary>
    public const int Step = 8;

    public static int FetchedLines => 1;

    public static nint FetchStep(nint panelStep) => Step;
}

internal readonly struct FetchTileOfC : IPanelUse
{
    /// <summary>Rows of the panel from one line to the next.</summary>
    public const int Distance = 4;

    public static bool FetchesC => true;
}

/// <summary>The innermost product: a tile of C that stays in registers while k runs.</summary>
/// <remarks>
/// Up to 12 rows of 2 vectors: 24 accumulators, 2 vectors of B and one broadcast fill 27 of the 32 registers of AVX-512. At 256 and 128 bits
/// 6 rows are the most that fit 16 registers; x64 with 32 has a longer encoding for the others, which costs more than more rows gain
/// (decision 0004), Arm64 has not and takes 9.
/// Rows and columns that the type parameters leave out are removed by the compiler. The
/// accumulators are single locals and the method calls nothing: a struct, an array or a call would put them on the stack.
/// </remarks>
internal static unsafe class GemmTile
{
    /// <summary>How many rows before they are read those of a panel that is copied are asked for.</summary>
    private const int RowsAhead = 32;

    /// <summary>The most rows of a tile at a width that are fast.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MaxRows<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Level == SimdLevel.V512 ? 12 : AdvSimd.IsSupported ? 9 : 6;

    /// <summary>
    /// C ← beta C + A B on rows × columns elements, each one chain of fused multiply-adds in ascending p that begins with beta C
    /// (with 0, and C unread, where beta is 0).
    /// </summary>
    /// <param name="k">The length of the chain.</param>
    /// <param name="a">A: element [i, p] at i · aRow + p · aStep, in elements.</param>
    /// <param name="aRow">From one row of A to the next.</param>
    /// <param name="aStep">From one column of A to the next.</param>
    /// <param name="b">B: row p at p · bStep, its columns contiguous.</param>
    /// <param name="bStep">From one row of B to the next.</param>
    /// <param name="beta">The factor of C.</param>
    /// <param name="c">C: row i at i · cRow, its columns contiguous.</param>
    /// <param name="cRow">From one row of C to the next.</param>
    /// <param name="last">The columns in the last vector.</param>
    /// <param name="other">Where the copy of the panel goes, rows of two vectors; or what to fetch.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TSimd, TVector, TRows, TColumns, TPanel>(
        int k, float* a, nint aRow, nint aStep, float* b, nint bStep, float beta, float* c, nint cRow, int last, float* other)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ICount
        where TColumns : struct, ITileColumns
        where TPanel : struct, IPanelUse
    {
        TVector mask = TColumns.Masked ? TSimd.FirstLanes(last) : TSimd.Zero;
        TVector c00 = TSimd.Zero, c01 = TSimd.Zero;
        TVector c10 = TSimd.Zero, c11 = TSimd.Zero;
        TVector c20 = TSimd.Zero, c21 = TSimd.Zero;
        TVector c30 = TSimd.Zero, c31 = TSimd.Zero;
        TVector c40 = TSimd.Zero, c41 = TSimd.Zero;
        TVector c50 = TSimd.Zero, c51 = TSimd.Zero;
        TVector c60 = TSimd.Zero, c61 = TSimd.Zero;
        TVector c70 = TSimd.Zero, c71 = TSimd.Zero;
        TVector c80 = TSimd.Zero, c81 = TSimd.Zero;
        TVector c90 = TSimd.Zero, c91 = TSimd.Zero;
        TVector c100 = TSimd.Zero, c101 = TSimd.Zero;
        TVector c110 = TSimd.Zero, c111 = TSimd.Zero;
        // a base pointer for every three rows: twelve pointers do not fit the general registers
        float* a0 = a, a3 = a + 3 * aRow, a6 = a + 6 * aRow, a9 = a + 9 * aRow;
        float* c0 = c, c3 = c + 3 * cRow, c6 = c + 6 * cRow, c9 = c + 9 * cRow;
        nint aRow2 = 2 * aRow, cRow2 = 2 * cRow;
        if (beta != 0f)
        {
            (c00, c01) = Begin<TSimd, TVector, TColumns>(c0, beta, mask);
            if (TRows.Value > 1) (c10, c11) = Begin<TSimd, TVector, TColumns>(c0 + cRow, beta, mask);
            if (TRows.Value > 2) (c20, c21) = Begin<TSimd, TVector, TColumns>(c0 + cRow2, beta, mask);
            if (TRows.Value > 3) (c30, c31) = Begin<TSimd, TVector, TColumns>(c3, beta, mask);
            if (TRows.Value > 4) (c40, c41) = Begin<TSimd, TVector, TColumns>(c3 + cRow, beta, mask);
            if (TRows.Value > 5) (c50, c51) = Begin<TSimd, TVector, TColumns>(c3 + cRow2, beta, mask);
            if (TRows.Value > 6) (c60, c61) = Begin<TSimd, TVector, TColumns>(c6, beta, mask);
            if (TRows.Value > 7) (c70, c71) = Begin<TSimd, TVector, TColumns>(c6 + cRow, beta, mask);
            if (TRows.Value > 8) (c80, c81) = Begin<TSimd, TVector, TColumns>(c6 + cRow2, beta, mask);
            if (TRows.Value > 9) (c90, c91) = Begin<TSimd, TVector, TColumns>(c9, beta, mask);
            if (TRows.Value > 10) (c100, c101) = Begin<TSimd, TVector, TColumns>(c9 + cRow, beta, mask);
            if (TRows.Value > 11) (c110, c111) = Begin<TSimd, TVector, TColumns>(c9 + cRow2, beta, mask);
        }
        nint ahead = RowsAhead * bStep, toNext = Prefetch.CacheLine, toOther = cRow - Prefetch.CacheLine;
        for (int p = 0; p < k; p++)
        {
            TVector b0 = TColumns.Vectors == 1 ? Last<TSimd, TVector, TColumns>(b, mask) : TSimd.Load(b);
            TVector b1 = TColumns.Vectors == 2 ? Last<TSimd, TVector, TColumns>(b + TSimd.Width, mask) : TSimd.Zero;
            if (TPanel.Copies)
            {
                Prefetch.Near(b + ahead);
                Prefetch.Near(b + ahead + Prefetch.CacheLine);
                TSimd.Store(other, b0);
                if (TColumns.Vectors == 2) TSimd.Store(other + TSimd.Width, b1);
                other += 2 * TSimd.Width;
            }
            if (TPanel.FetchesC && p % FetchTileOfC.Distance == 0)
            {
                Prefetch.Near(other);
                other += toNext;
                (toNext, toOther) = (toOther, toNext);
            }
            if (TPanel.FetchedLines > 0)
            {
                Prefetch.Far(other);
                if (TPanel.FetchedLines > 1) Prefetch.Far(other + Prefetch.CacheLine);
                other += TPanel.FetchStep(bStep);
            }
            TVector x = TSimd.Broadcast(*a0);
            c00 = TSimd.FusedMultiplyAdd(x, b0, c00);
            if (TColumns.Vectors == 2) c01 = Second<TSimd, TVector, TColumns>(x, b1, c01);
            if (TRows.Value > 1)
            {
                x = TSimd.Broadcast(a0[aRow]);
                c10 = TSimd.FusedMultiplyAdd(x, b0, c10);
                if (TColumns.Vectors == 2) c11 = Second<TSimd, TVector, TColumns>(x, b1, c11);
            }
            if (TRows.Value > 2)
            {
                x = TSimd.Broadcast(a0[aRow2]);
                c20 = TSimd.FusedMultiplyAdd(x, b0, c20);
                if (TColumns.Vectors == 2) c21 = Second<TSimd, TVector, TColumns>(x, b1, c21);
            }
            if (TRows.Value > 3)
            {
                x = TSimd.Broadcast(*a3);
                c30 = TSimd.FusedMultiplyAdd(x, b0, c30);
                if (TColumns.Vectors == 2) c31 = Second<TSimd, TVector, TColumns>(x, b1, c31);
            }
            if (TRows.Value > 4)
            {
                x = TSimd.Broadcast(a3[aRow]);
                c40 = TSimd.FusedMultiplyAdd(x, b0, c40);
                if (TColumns.Vectors == 2) c41 = Second<TSimd, TVector, TColumns>(x, b1, c41);
            }
            if (TRows.Value > 5)
            {
                x = TSimd.Broadcast(a3[aRow2]);
                c50 = TSimd.FusedMultiplyAdd(x, b0, c50);
                if (TColumns.Vectors == 2) c51 = Second<TSimd, TVector, TColumns>(x, b1, c51);
            }
            if (TRows.Value > 6)
            {
                x = TSimd.Broadcast(*a6);
                c60 = TSimd.FusedMultiplyAdd(x, b0, c60);
                if (TColumns.Vectors == 2) c61 = Second<TSimd, TVector, TColumns>(x, b1, c61);
            }
            if (TRows.Value > 7)
            {
                x = TSimd.Broadcast(a6[aRow]);
                c70 = TSimd.FusedMultiplyAdd(x, b0, c70);
                if (TColumns.Vectors == 2) c71 = Second<TSimd, TVector, TColumns>(x, b1, c71);
            }
            if (TRows.Value > 8)
            {
                x = TSimd.Broadcast(a6[aRow2]);
                c80 = TSimd.FusedMultiplyAdd(x, b0, c80);
                if (TColumns.Vectors == 2) c81 = Second<TSimd, TVector, TColumns>(x, b1, c81);
            }
            if (TRows.Value > 9)
            {
                x = TSimd.Broadcast(*a9);
                c90 = TSimd.FusedMultiplyAdd(x, b0, c90);
                if (TColumns.Vectors == 2) c91 = Second<TSimd, TVector, TColumns>(x, b1, c91);
            }
            if (TRows.Value > 10)
            {
                x = TSimd.Broadcast(a9[aRow]);
                c100 = TSimd.FusedMultiplyAdd(x, b0, c100);
                if (TColumns.Vectors == 2) c101 = Second<TSimd, TVector, TColumns>(x, b1, c101);
            }
            if (TRows.Value > 11)
            {
                x = TSimd.Broadcast(a9[aRow2]);
                c110 = TSimd.FusedMultiplyAdd(x, b0, c110);
                if (TColumns.Vectors == 2) c111 = Second<TSimd, TVector, TColumns>(x, b1, c111);
            }
            a0 += aStep;
            if (TRows.Value > 3) a3 += aStep;
            if (TRows.Value > 6) a6 += aStep;
            if (TRows.Value > 9) a9 += aStep;
            b += bStep;
        }
        End<TSimd, TVector, TColumns>(c0, c00, c01, mask);
        if (TRows.Value > 1) End<TSimd, TVector, TColumns>(c0 + cRow, c10, c11, mask);
        if (TRows.Value > 2) End<TSimd, TVector, TColumns>(c0 + cRow2, c20, c21, mask);
        if (TRows.Value > 3) End<TSimd, TVector, TColumns>(c3, c30, c31, mask);
        if (TRows.Value > 4) End<TSimd, TVector, TColumns>(c3 + cRow, c40, c41, mask);
        if (TRows.Value > 5) End<TSimd, TVector, TColumns>(c3 + cRow2, c50, c51, mask);
        if (TRows.Value > 6) End<TSimd, TVector, TColumns>(c6, c60, c61, mask);
        if (TRows.Value > 7) End<TSimd, TVector, TColumns>(c6 + cRow, c70, c71, mask);
        if (TRows.Value > 8) End<TSimd, TVector, TColumns>(c6 + cRow2, c80, c81, mask);
        if (TRows.Value > 9) End<TSimd, TVector, TColumns>(c9, c90, c91, mask);
        if (TRows.Value > 10) End<TSimd, TVector, TColumns>(c9 + cRow, c100, c101, mask);
        if (TRows.Value > 11) End<TSimd, TVector, TColumns>(c9 + cRow2, c110, c111, mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector First, TVector Second) Begin<TSimd, TVector, TColumns>(float* c, float beta, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileColumns
    {
        TVector factor = TSimd.Broadcast(beta);
        return TColumns.Vectors == 1
            ? (TSimd.Multiply(factor, Last<TSimd, TVector, TColumns>(c, mask)), TSimd.Zero)
            : (TSimd.Multiply(factor, TSimd.Load(c)), TSimd.Multiply(factor, Last<TSimd, TVector, TColumns>(c + TSimd.Width, mask)));
    }

    /// <summary>a · b + addend where the second vector of columns has elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Second<TSimd, TVector, TColumns>(TVector a, TVector b, TVector addend)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileColumns =>
        TColumns.Half ? TSimd.FusedMultiplyAddLower(a, b, addend) : TSimd.FusedMultiplyAdd(a, b, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End<TSimd, TVector, TColumns>(float* c, TVector first, TVector second, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileColumns
    {
        if (TColumns.Vectors == 2) TSimd.Store(c, first);
        float* lastAddress = TColumns.Vectors == 2 ? c + TSimd.Width : c;
        TVector last = TColumns.Vectors == 2 ? second : first;
        if (TColumns.Masked) TSimd.StoreMasked(lastAddress, mask, last);
        else TSimd.Store(lastAddress, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Last<TSimd, TVector, TColumns>(float* source, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileColumns => TColumns.Masked ? TSimd.LoadMasked(source, mask) : TSimd.Load(source);
}
