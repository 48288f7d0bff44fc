using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>How many vectors of columns a register tile has, and whether its last one is cut short: the size of the type tells, in bytes, as
/// it does with <see cref="ICount"/>. 1: one vector, masked; 2: two whole ones; 3: two, the second masked; 4: the same where the second has
/// elements in its lower half alone.</summary>
internal interface ITileColumns;

internal readonly struct OneVectorMasked : ITileColumns;

[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct TwoVectors : ITileColumns;

[StructLayout(LayoutKind.Sequential, Size = 3)]
internal readonly struct TwoVectorsMasked : ITileColumns;

[StructLayout(LayoutKind.Sequential, Size = 4)]
internal readonly struct TwoVectorsHalf : ITileColumns;

/// <summary>How A lies in memory; what is contiguous has constant displacements in the loop. The size of the type tells. 1: rows; 2:
/// columns.</summary>
internal interface ITileLayout;

/// <summary>Element [i, p] at i · lda + p.</summary>
internal readonly struct RowMajor : ITileLayout;

/// <summary>Element [i, p] at i + p · lda.</summary>
[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct ColumnMajor : ITileLayout;

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
    /// <summary>The sizes of <see cref="ITileColumns"/>.</summary>
    private const int OneMasked = 1, TwoWhole = 2, TwoMasked = 3, TwoHalf = 4;

    /// <summary>The size of <see cref="ColumnMajor"/>.</summary>
    private const int ByColumns = 2;

    /// <summary>The most rows of a tile at a width that are fast.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MaxRows(SimdLevel level) => level == SimdLevel.V512 ? 12 : AdvSimd.IsSupported ? 9 : 6;

    /// <summary>
    /// C ← beta C + A B on rows × columns elements, each one chain of fused multiply-adds in ascending p that begins with beta C
    /// (with 0, and C unread, where beta is 0).
    /// </summary>
    /// <param name="t">The sizes and strides.</param>
    /// <param name="a">A, as <typeparamref name="TLayout"/> says.</param>
    /// <param name="b">B.</param>
    /// <param name="c">C.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TSimd, TVector, TRows, TColumns, TLayout>(
        TileArguments* t, float* a, float* b, float* c)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : unmanaged, ICount
        where TColumns : unmanaged, ITileColumns
        where TLayout : unmanaged, ITileLayout
    {
        nint lda = t->Lda, ldb = t->Ldb, ldc = t->Ldc;
        TVector mask = sizeof(TColumns) == TwoWhole ? default : TSimd.FirstLanes(t->Last);
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        TVector c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        TVector c60 = default, c61 = default, c70 = default, c71 = default, c80 = default, c81 = default;
        TVector c90 = default, c91 = default, ca0 = default, ca1 = default, cb0 = default, cb1 = default;
        float* c3 = c + 3 * ldc, c6 = c + 6 * ldc, c9 = c + 9 * ldc;
        if (t->Beta != 0f)
        {
            TVector factor = TSimd.Broadcast(t->Beta);
            Begin<TSimd, TVector, TColumns>(sizeof(TRows), c, ldc, factor, mask, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21);
            Begin<TSimd, TVector, TColumns>(sizeof(TRows) - 3, c3, ldc, factor, mask, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
            Begin<TSimd, TVector, TColumns>(sizeof(TRows) - 6, c6, ldc, factor, mask, ref c60, ref c61, ref c70, ref c71, ref c80, ref c81);
            Begin<TSimd, TVector, TColumns>(sizeof(TRows) - 9, c9, ldc, factor, mask, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
        }
        // a base pointer for every three rows: twelve pointers do not fit the general registers
        float* a3 = a + 3 * lda, a6 = a + 6 * lda, a9 = a + 9 * lda;
        for (PrefetchPass* pass = t->Passes; pass->Turns > 0; pass++)
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
                if (sizeof(TLayout) == ByColumns) a += lda;
                if (StepsPerTurn<TSimd>() == 4)
                {
                    Step<TSimd, TVector, TRows, TColumns, TLayout>(
                        1, a, a3, a6, a9, lda, b, mask,
                        ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51,
                        ref c60, ref c61, ref c70, ref c71, ref c80, ref c81, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
                    b += ldb;
                    if (sizeof(TLayout) == ByColumns) a += lda;
                    Step<TSimd, TVector, TRows, TColumns, TLayout>(
                        2, a, a3, a6, a9, lda, b, mask,
                        ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51,
                        ref c60, ref c61, ref c70, ref c71, ref c80, ref c81, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
                    b += ldb;
                    if (sizeof(TLayout) == ByColumns) a += lda;
                    Step<TSimd, TVector, TRows, TColumns, TLayout>(
                        3, a, a3, a6, a9, lda, b, mask,
                        ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51,
                        ref c60, ref c61, ref c70, ref c71, ref c80, ref c81, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
                    b += ldb;
                    if (sizeof(TLayout) == ByColumns) a += lda;
                }
                if (sizeof(TLayout) != ByColumns) Advance(sizeof(TRows), StepsPerTurn<TSimd>(), ref a, ref a3, ref a6, ref a9);
            }
        }
        if (StepsPerTurn<TSimd>() > 1)
        {
            for (int left = t->K % StepsPerTurn<TSimd>(); left > 0; left--)
            {
                Step<TSimd, TVector, TRows, TColumns, TLayout>(
                    0, a, a3, a6, a9, lda, b, mask,
                    ref c00, ref c01, ref c10, ref c11, ref c20, ref c21, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51,
                    ref c60, ref c61, ref c70, ref c71, ref c80, ref c81, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
                b += ldb;
                if (sizeof(TLayout) == ByColumns) a += lda;
                if (sizeof(TLayout) != ByColumns) Advance(sizeof(TRows), 1, ref a, ref a3, ref a6, ref a9);
            }
        }
        End<TSimd, TVector, TColumns>(sizeof(TRows), c, ldc, mask, c00, c01, c10, c11, c20, c21);
        End<TSimd, TVector, TColumns>(sizeof(TRows) - 3, c3, ldc, mask, c30, c31, c40, c41, c50, c51);
        End<TSimd, TVector, TColumns>(sizeof(TRows) - 6, c6, ldc, mask, c60, c61, c70, c71, c80, c81);
        End<TSimd, TVector, TColumns>(sizeof(TRows) - 9, c9, ldc, mask, c90, c91, ca0, ca1, cb0, cb1);
    }

    /// <summary>Steps of k in a turn of the loop, so that the largest tile has 24 multiply-adds or more to a branch: where another thread uses
    /// the same core, instructions and branches are what is scarce. Multiply-adds in software are instructions enough: one step a turn is 5 to
    /// 15 % faster with them, and compiled in three quarters of the time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int StepsPerTurn<TSimd>()
        where TSimd : struct, IVectorInfo => TSimd.Level == SimdLevel.V512 || (TSimd.Level == SimdLevel.V128 && Sse41.IsSupported && !Fma.IsSupported) ? 1 : 4;

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
        where TColumns : unmanaged, ITileColumns
        where TLayout : unmanaged, ITileLayout
    {
        TVector b0 = sizeof(TColumns) == OneMasked ? TSimd.LoadMasked(b, mask) : TSimd.Load(b), b1 = default;
        if (sizeof(TColumns) == TwoWhole) b1 = TSimd.Load(b + TSimd.Width);
        if (sizeof(TColumns) > TwoWhole) b1 = TSimd.LoadMasked(b + TSimd.Width, mask);
        if (sizeof(TLayout) == ByColumns) a3 = a6 = a9 = a;
        Three<TSimd, TVector, TColumns, TLayout>(sizeof(TRows), a, 0, step, lda, b0, b1, ref c00, ref c01, ref c10, ref c11, ref c20, ref c21);
        if (sizeof(TRows) > 3) Three<TSimd, TVector, TColumns, TLayout>(sizeof(TRows) - 3, a3, 3, step, lda, b0, b1, ref c30, ref c31, ref c40, ref c41, ref c50, ref c51);
        if (sizeof(TRows) > 6) Three<TSimd, TVector, TColumns, TLayout>(sizeof(TRows) - 6, a6, 6, step, lda, b0, b1, ref c60, ref c61, ref c70, ref c71, ref c80, ref c81);
        if (sizeof(TRows) > 9) Three<TSimd, TVector, TColumns, TLayout>(sizeof(TRows) - 9, a9, 9, step, lda, b0, b1, ref c90, ref c91, ref ca0, ref ca1, ref cb0, ref cb1);
    }

    /// <summary>The step for three rows, as far as there are so many; the first is number <paramref name="first"/>, a constant, of the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Three<TSimd, TVector, TColumns, TLayout>(
        int rows, float* a, int first, int step, nint lda, TVector b0, TVector b1,
        ref TVector c00, ref TVector c01, ref TVector c10, ref TVector c11, ref TVector c20, ref TVector c21)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : unmanaged, ITileColumns
        where TLayout : unmanaged, ITileLayout
    {
        TVector x = TSimd.Broadcast(sizeof(TLayout) == ByColumns ? *(a + first) : *(a + step));
        c00 = TSimd.FusedMultiplyAdd(x, b0, c00);
        if (sizeof(TColumns) == TwoWhole || sizeof(TColumns) == TwoMasked) c01 = TSimd.FusedMultiplyAdd(x, b1, c01);
        if (sizeof(TColumns) == TwoHalf) c01 = TSimd.FusedMultiplyAddLower(x, b1, c01);
        if (rows > 1)
        {
            x = TSimd.Broadcast(sizeof(TLayout) == ByColumns ? *(a + (first + 1)) : *(a + lda + step));
            c10 = TSimd.FusedMultiplyAdd(x, b0, c10);
            if (sizeof(TColumns) == TwoWhole || sizeof(TColumns) == TwoMasked) c11 = TSimd.FusedMultiplyAdd(x, b1, c11);
            if (sizeof(TColumns) == TwoHalf) c11 = TSimd.FusedMultiplyAddLower(x, b1, c11);
        }
        if (rows > 2)
        {
            x = TSimd.Broadcast(sizeof(TLayout) == ByColumns ? *(a + (first + 2)) : *(a + 2 * lda + step));
            c20 = TSimd.FusedMultiplyAdd(x, b0, c20);
            if (sizeof(TColumns) == TwoWhole || sizeof(TColumns) == TwoMasked) c21 = TSimd.FusedMultiplyAdd(x, b1, c21);
            if (sizeof(TColumns) == TwoHalf) c21 = TSimd.FusedMultiplyAddLower(x, b1, c21);
        }
    }

    /// <summary>On by that many columns of A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Advance(int rows, int steps, ref float* a, ref float* a3, ref float* a6, ref float* a9)
    {
        a += steps;
        if (rows > 3) a3 += steps;
        if (rows > 6) a6 += steps;
        if (rows > 9) a9 += steps;
    }

    /// <summary>Three rows of accumulators as beta C, as far as there are so many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Begin<TSimd, TVector, TColumns>(
        int rows, float* c, nint ldc, TVector beta, TVector mask,
        ref TVector c00, ref TVector c01, ref TVector c10, ref TVector c11, ref TVector c20, ref TVector c21)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : unmanaged, ITileColumns
    {
        if (rows > 0) BeginRow<TSimd, TVector, TColumns>(c, beta, mask, ref c00, ref c01);
        if (rows > 1) BeginRow<TSimd, TVector, TColumns>(c + ldc, beta, mask, ref c10, ref c11);
        if (rows > 2) BeginRow<TSimd, TVector, TColumns>(c + 2 * ldc, beta, mask, ref c20, ref c21);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void BeginRow<TSimd, TVector, TColumns>(float* c, TVector beta, TVector mask, ref TVector first, ref TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : unmanaged, ITileColumns
    {
        first = TSimd.Multiply(beta, sizeof(TColumns) == OneMasked ? TSimd.LoadMasked(c, mask) : TSimd.Load(c));
        if (sizeof(TColumns) == TwoWhole) second = TSimd.Multiply(beta, TSimd.Load(c + TSimd.Width));
        if (sizeof(TColumns) > TwoWhole) second = TSimd.Multiply(beta, TSimd.LoadMasked(c + TSimd.Width, mask));
    }

    /// <summary>Three rows of accumulators to C, as far as there are so many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End<TSimd, TVector, TColumns>(
        int rows, float* c, nint ldc, TVector mask, TVector c00, TVector c01, TVector c10, TVector c11, TVector c20, TVector c21)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : unmanaged, ITileColumns
    {
        if (rows > 0) EndRow<TSimd, TVector, TColumns>(c, mask, c00, c01);
        if (rows > 1) EndRow<TSimd, TVector, TColumns>(c + ldc, mask, c10, c11);
        if (rows > 2) EndRow<TSimd, TVector, TColumns>(c + 2 * ldc, mask, c20, c21);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EndRow<TSimd, TVector, TColumns>(float* c, TVector mask, TVector first, TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : unmanaged, ITileColumns
    {
        if (sizeof(TColumns) == OneMasked) TSimd.StoreMasked(c, mask, first);
        else TSimd.Store(c, first);
        if (sizeof(TColumns) == TwoWhole) TSimd.Store(c + TSimd.Width, second);
        if (sizeof(TColumns) > TwoWhole) TSimd.StoreMasked(c + TSimd.Width, mask, second);
    }
}
