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

internal readonly struct TwoVectorsMasked : ITileColumns
{
    public static int Vectors => 2;
}

internal readonly struct TwoVectorsHalf : ITileColumns
{
    public static int Vectors => 2;

    public static bool Half => true;
}

internal readonly struct OneVectorMasked : ITileColumns
{
    public static int Vectors => 1;
}

/// <summary>How A lies in memory; what is contiguous has constant displacements in the loop.</summary>
internal interface ITileLayout
{
    /// <summary>Whether columns of A are contiguous, rather than rows.</summary>
    static abstract bool IsColumnMajor { get; }
}

/// <summary>Element [i, p] at i · lda + p.</summary>
internal readonly struct RowMajor : ITileLayout
{
    public static bool IsColumnMajor => false;
}

/// <summary>Element [i, p] at i + p · lda.</summary>
internal readonly struct ColumnMajor : ITileLayout
{
    public static bool IsColumnMajor => true;
}

/// <summary>The innermost product: a tile of C that stays in registers while k runs.</summary>
/// <remarks>
/// Up to 12 rows of 2 vectors: 24 accumulators, 2 vectors of B and one broadcast fill 27 of the 32 registers of AVX-512. At 256 and 128 bits
/// 6 rows are the most that fit 16 registers; x64 with 32 has a longer encoding for the others, which costs more than more rows gain
/// (decision 0004), Arm64 has not and takes 9.
/// Rows and columns that the type parameters leave out are removed by the compiler; counts are sizes of types, which it knows before it
/// inlines anything. The accumulators are single locals and every method called is inlined: a struct, an array or a call would put them on
/// the stack.
/// </remarks>
internal static unsafe class GemmTile
{
    /// <summary>The most rows of a tile at a width that are fast.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MaxRows(SimdLevel level) => level == SimdLevel.V512 ? 12 : AdvSimd.IsSupported ? 9 : 6;

    /// <summary>
    /// C ← beta C + A B on rows × columns elements, each one chain of fused multiply-adds in ascending p that begins with beta C
    /// (with 0, and C unread, where beta is 0).
    /// </summary>
    /// <param name="k">The length of the chain.</param>
    /// <param name="a">A, as <typeparamref name="TLayout"/> says.</param>
    /// <param name="lda">From one row of A to the next, or from one column.</param>
    /// <param name="b">B: row p at p · ldb, its columns contiguous.</param>
    /// <param name="ldb">From one row of B to the next.</param>
    /// <param name="beta">The factor of C.</param>
    /// <param name="c">C: row i at i · ldc, its columns contiguous.</param>
    /// <param name="ldc">From one row of C to the next.</param>
    /// <param name="last">The columns in the last vector.</param>
    /// <param name="pass">What to prefetch: passes whose turns are together k divided by <see cref="StepsPerTurn"/>, and one of no turns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TSimd, TVector, TRows, TColumns, TLayout>(
        int k, float* a, nint lda, float* b, nint ldb, float beta, float* c, nint ldc, int last, PrefetchPass* pass)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : unmanaged, ICount
        where TColumns : struct, ITileColumns
        where TLayout : struct, ITileLayout
    {
        TVector mask = TColumns.Masked ? TSimd.FirstLanes(last) : TSimd.Zero;
        TVector c00 = TSimd.Zero, c01 = TSimd.Zero, c10 = TSimd.Zero, c11 = TSimd.Zero, c20 = TSimd.Zero, c21 = TSimd.Zero;
        TVector c30 = TSimd.Zero, c31 = TSimd.Zero, c40 = TSimd.Zero, c41 = TSimd.Zero, c50 = TSimd.Zero, c51 = TSimd.Zero;
        TVector c60 = TSimd.Zero, c61 = TSimd.Zero, c70 = TSimd.Zero, c71 = TSimd.Zero, c80 = TSimd.Zero, c81 = TSimd.Zero;
        TVector c90 = TSimd.Zero, c91 = TSimd.Zero, ca0 = TSimd.Zero, ca1 = TSimd.Zero, cb0 = TSimd.Zero, cb1 = TSimd.Zero;
        float* c3 = c + 3 * ldc, c6 = c + 6 * ldc, c9 = c + 9 * ldc;
        if (beta != 0f)
        {
            Begin<TSimd, TVector, TRows, TColumns, N1>(c, ldc, beta, mask, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21);
            if (sizeof(TRows) > 3) Begin<TSimd, TVector, TRows, TColumns, N4>(c3, ldc, beta, mask, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
            if (sizeof(TRows) > 6) Begin<TSimd, TVector, TRows, TColumns, N7>(c6, ldc, beta, mask, ref c60, ref c61, ref c70, ref c71, ref c80, ref c81);
            if (sizeof(TRows) > 9) Begin<TSimd, TVector, TRows, TColumns, N10>(c9, ldc, beta, mask, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
        }
        // a base pointer for every three rows: twelve pointers do not fit the general registers
        float* a3 = a + 3 * lda, a6 = a + 6 * lda, a9 = a + 9 * lda;
        for (; pass->Turns > 0; pass++)
        {
            float* address = pass->Address;
            nint stride = pass->Stride, toSecond = pass->ToSecond;
            int turns = pass->Turns;
            for (; turns > 0; turns--)
            {
                Prefetch.Near(address);
                Prefetch.Near(address + toSecond);
                address += stride;
                Step<TSimd, TVector, TRows, TColumns, TLayout>(
                    0, a, a3, a6, a9, lda, b, mask,
                    ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51,
                    ref c60, ref c61, ref c70, ref c71, ref c80, ref c81, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
                b += ldb;
                if (TLayout.IsColumnMajor) a += lda;
                if (StepsPerTurn<TSimd, TVector>() == 4)
                {
                    Step<TSimd, TVector, TRows, TColumns, TLayout>(
                        1, a, a3, a6, a9, lda, b, mask,
                        ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51,
                        ref c60, ref c61, ref c70, ref c71, ref c80, ref c81, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
                    b += ldb;
                    if (TLayout.IsColumnMajor) a += lda;
                    Step<TSimd, TVector, TRows, TColumns, TLayout>(
                        2, a, a3, a6, a9, lda, b, mask,
                        ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51,
                        ref c60, ref c61, ref c70, ref c71, ref c80, ref c81, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
                    b += ldb;
                    if (TLayout.IsColumnMajor) a += lda;
                    Step<TSimd, TVector, TRows, TColumns, TLayout>(
                        3, a, a3, a6, a9, lda, b, mask,
                        ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51,
                        ref c60, ref c61, ref c70, ref c71, ref c80, ref c81, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
                    b += ldb;
                    if (TLayout.IsColumnMajor) a += lda;
                }
                Advance<TRows, TLayout>(StepsPerTurn<TSimd, TVector>(), ref a, ref a3, ref a6, ref a9);
            }
        }
        if (StepsPerTurn<TSimd, TVector>() > 1)
        {
            for (k %= StepsPerTurn<TSimd, TVector>(); k > 0; k--)
            {
                Step<TSimd, TVector, TRows, TColumns, TLayout>(
                    0, a, a3, a6, a9, lda, b, mask,
                    ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51,
                    ref c60, ref c61, ref c70, ref c71, ref c80, ref c81, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
                b += ldb;
                if (TLayout.IsColumnMajor) a += lda;
                Advance<TRows, TLayout>(1, ref a, ref a3, ref a6, ref a9);
            }
        }
        End<TSimd, TVector, TRows, TColumns, N1>(c, ldc, mask, c00, c01, c10, c11, c20, c21);
        if (sizeof(TRows) > 3) End<TSimd, TVector, TRows, TColumns, N4>(c3, ldc, mask, c30, c31, c40, c41, c50, c51);
        if (sizeof(TRows) > 6) End<TSimd, TVector, TRows, TColumns, N7>(c6, ldc, mask, c60, c61, c70, c71, c80, c81);
        if (sizeof(TRows) > 9) End<TSimd, TVector, TRows, TColumns, N10>(c9, ldc, mask, c90, c91, ca0, ca1, cb0, cb1);
    }

    /// <summary>Steps of k in a turn of the loop, so that the largest tile has 24 multiply-adds or more to a branch: where another thread uses
    /// the same core, instructions and branches are what is scarce.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int StepsPerTurn<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Level == SimdLevel.V512 ? 1 : 4;

    /// <summary>One step of k, a multiply-add for each accumulator: column <paramref name="step"/> of A from the pointers on, one row of
    /// B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TSimd, TVector, TRows, TColumns, TLayout>(
        int step, float* a, float* a3, float* a6, float* a9, nint lda, float* b, TVector mask,
        ref TVector c00, ref TVector c01, ref TVector c10, ref TVector c11, ref TVector c20, ref TVector c21,
        ref TVector c30, ref TVector c31, ref TVector c40, ref TVector c41, ref TVector c50, ref TVector c51,
        ref TVector c60, ref TVector c61, ref TVector c70, ref TVector c71, ref TVector c80, ref TVector c81,
        ref TVector c90, ref TVector c91, ref TVector ca0, ref TVector ca1, ref TVector cb0, ref TVector cb1)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : unmanaged, ICount
        where TColumns : struct, ITileColumns
        where TLayout : struct, ITileLayout
    {
        TVector b0 = TColumns.Vectors == 1 ? Last<TSimd, TVector, TColumns>(b, mask) : TSimd.Load(b);
        TVector b1 = TColumns.Vectors == 1 ? TSimd.Zero
            : TColumns.Masked ? TSimd.LoadMasked(b + TSimd.Width, mask) : TSimd.Load(b + TSimd.Width);
        if (TLayout.IsColumnMajor) a3 = a6 = a9 = a;
        Three<TSimd, TVector, TRows, TColumns, TLayout, N1>(a, step, lda, b0, b1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21);
        if (sizeof(TRows) > 3) Three<TSimd, TVector, TRows, TColumns, TLayout, N4>(a3, step, lda, b0, b1, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
        if (sizeof(TRows) > 6) Three<TSimd, TVector, TRows, TColumns, TLayout, N7>(a6, step, lda, b0, b1, ref c60, ref c61, ref c70, ref c71, ref c80, ref c81);
        if (sizeof(TRows) > 9) Three<TSimd, TVector, TRows, TColumns, TLayout, N10>(a9, step, lda, b0, b1, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
    }

    /// <summary>The step for three rows, the first of which is number <typeparamref name="TFirst"/> of the tile, counted from 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Three<TSimd, TVector, TRows, TColumns, TLayout, TFirst>(
        float* a, int step, nint lda, TVector b0, TVector b1,
        ref TVector c00, ref TVector c01, ref TVector c10, ref TVector c11, ref TVector c20, ref TVector c21)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : unmanaged, ICount
        where TColumns : struct, ITileColumns
        where TLayout : struct, ITileLayout
        where TFirst : unmanaged, ICount
    {
        TVector x = TSimd.Broadcast(TLayout.IsColumnMajor ? *(a + (sizeof(TFirst) - 1)) : *(a + step));
        c00 = TSimd.FusedMultiplyAdd(x, b0, c00);
        if (TColumns.Vectors == 2) c01 = Second<TSimd, TVector, TColumns>(x, b1, c01);
        if (sizeof(TRows) > sizeof(TFirst))
        {
            x = TSimd.Broadcast(TLayout.IsColumnMajor ? *(a + sizeof(TFirst)) : *(a + lda + step));
            c10 = TSimd.FusedMultiplyAdd(x, b0, c10);
            if (TColumns.Vectors == 2) c11 = Second<TSimd, TVector, TColumns>(x, b1, c11);
        }
        if (sizeof(TRows) > sizeof(TFirst) + 1)
        {
            x = TSimd.Broadcast(TLayout.IsColumnMajor ? *(a + (sizeof(TFirst) + 1)) : *(a + 2 * lda + step));
            c20 = TSimd.FusedMultiplyAdd(x, b0, c20);
            if (TColumns.Vectors == 2) c21 = Second<TSimd, TVector, TColumns>(x, b1, c21);
        }
    }

    /// <summary>On by that many columns of A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance<TRows, TLayout>(int steps, ref float* a, ref float* a3, ref float* a6, ref float* a9)
        where TRows : unmanaged, ICount
        where TLayout : struct, ITileLayout
    {
        if (TLayout.IsColumnMajor) return;
        a += steps;
        if (sizeof(TRows) > 3) a3 += steps;
        if (sizeof(TRows) > 6) a6 += steps;
        if (sizeof(TRows) > 9) a9 += steps;
    }

    /// <summary>Three rows of accumulators as beta C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin<TSimd, TVector, TRows, TColumns, TFirst>(
        float* c, nint ldc, float beta, TVector mask,
        ref TVector c00, ref TVector c01, ref TVector c10, ref TVector c11, ref TVector c20, ref TVector c21)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : unmanaged, ICount
        where TColumns : struct, ITileColumns
        where TFirst : unmanaged, ICount
    {
        BeginRow<TSimd, TVector, TColumns>(c, beta, mask, ref c00, ref c01);
        if (sizeof(TRows) > sizeof(TFirst)) BeginRow<TSimd, TVector, TColumns>(c + ldc, beta, mask, ref c10, ref c11);
        if (sizeof(TRows) > sizeof(TFirst) + 1) BeginRow<TSimd, TVector, TColumns>(c + 2 * ldc, beta, mask, ref c20, ref c21);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void BeginRow<TSimd, TVector, TColumns>(float* c, float beta, TVector mask, ref TVector first, ref TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileColumns
    {
        TVector factor = TSimd.Broadcast(beta);
        first = TSimd.Multiply(factor, TColumns.Vectors == 1 ? Last<TSimd, TVector, TColumns>(c, mask) : TSimd.Load(c));
        if (TColumns.Vectors == 2) second = TSimd.Multiply(factor, Last<TSimd, TVector, TColumns>(c + TSimd.Width, mask));
    }

    /// <summary>Three rows of accumulators to C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End<TSimd, TVector, TRows, TColumns, TFirst>(
        float* c, nint ldc, TVector mask, TVector c00, TVector c01, TVector c10, TVector c11, TVector c20, TVector c21)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : unmanaged, ICount
        where TColumns : struct, ITileColumns
        where TFirst : unmanaged, ICount
    {
        EndRow<TSimd, TVector, TColumns>(c, mask, c00, c01);
        if (sizeof(TRows) > sizeof(TFirst)) EndRow<TSimd, TVector, TColumns>(c + ldc, mask, c10, c11);
        if (sizeof(TRows) > sizeof(TFirst) + 1) EndRow<TSimd, TVector, TColumns>(c + 2 * ldc, mask, c20, c21);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EndRow<TSimd, TVector, TColumns>(float* c, TVector mask, TVector first, TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileColumns
    {
        if (TColumns.Vectors == 2) TSimd.Store(c, first);
        float* target = TColumns.Vectors == 2 ? c + TSimd.Width : c;
        TVector last = TColumns.Vectors == 2 ? second : first;
        if (TColumns.Masked) TSimd.StoreMasked(target, mask, last);
        else TSimd.Store(target, last);
    }

    /// <summary>a · b + addend where the second vector of columns has elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Second<TSimd, TVector, TColumns>(TVector a, TVector b, TVector addend)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileColumns =>
        TColumns.Half ? TSimd.FusedMultiplyAddLower(a, b, addend) : TSimd.FusedMultiplyAdd(a, b, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Last<TSimd, TVector, TColumns>(float* source, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileColumns => TColumns.Masked ? TSimd.LoadMasked(source, mask) : TSimd.Load(source);
}
