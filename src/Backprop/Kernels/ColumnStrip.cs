using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>A strip of columns of A whose sums stay in registers while the rows go by.</summary>
/// <remarks>Up to 8 vectors of columns: 8 independent chains hide the latency of the multiply-add, and each row is read in pieces long
/// enough for the processor to prefetch. The method calls nothing: a call would put the sums on the stack.</remarks>
internal static unsafe class ColumnStrip
{
    /// <summary>The most vectors of columns.</summary>
    public const int MaxVectors = 8;

    /// <summary>y_j ← beta y_j + Σ_i (alpha x_i) a_ij, one chain of fused multiply-adds in ascending i that begins with beta y_j (with 0,
    /// and y unread, where beta is 0).</summary>
    /// <param name="t">K rows of A, Lda from one element of x to the next, Ldb from one row of A to the next, alpha, beta, and what of the first
    /// and the last vector exists; of the first all lanes unless the width is 512 bits.</param>
    /// <param name="x">K elements.</param>
    /// <param name="a">A, TVectors vectors of columns.</param>
    /// <param name="y">The sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TSimd, TVector, TVectors, TLoad>(TileArguments* t, float* x, float* a, float* y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TVectors : unmanaged, ICount
        where TLoad : struct, IMatrixLoad
    {
        nint incx = t->Lda, lda = t->Ldb;
        float alpha = t->Alpha;
        TVector all = TSimd.FirstLanes(TSimd.Width), last = TSimd.FirstLanes(t->Last);
        TVector first = TSimd.Level == SimdLevel.V512 ? TSimd.Select(TSimd.FirstLanes(t->Before), default, all) : all;
        if (sizeof(TVectors) == 1) last = TSimd.And(first, last);
        TVector s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        if (t->Beta != 0f)
        {
            TVector factor = TSimd.Broadcast(t->Beta);
            s0 = TSimd.Multiply(factor, Load<TSimd, TVector, TLoad>(sizeof(TVectors), 1, y, first, all, last));
            if (sizeof(TVectors) > 1) s1 = TSimd.Multiply(factor, Load<TSimd, TVector, TLoad>(sizeof(TVectors), 2, y, first, all, last));
            if (sizeof(TVectors) > 2) s2 = TSimd.Multiply(factor, Load<TSimd, TVector, TLoad>(sizeof(TVectors), 3, y, first, all, last));
            if (sizeof(TVectors) > 3) s3 = TSimd.Multiply(factor, Load<TSimd, TVector, TLoad>(sizeof(TVectors), 4, y, first, all, last));
            if (sizeof(TVectors) > 4) s4 = TSimd.Multiply(factor, Load<TSimd, TVector, TLoad>(sizeof(TVectors), 5, y, first, all, last));
            if (sizeof(TVectors) > 5) s5 = TSimd.Multiply(factor, Load<TSimd, TVector, TLoad>(sizeof(TVectors), 6, y, first, all, last));
            if (sizeof(TVectors) > 6) s6 = TSimd.Multiply(factor, Load<TSimd, TVector, TLoad>(sizeof(TVectors), 7, y, first, all, last));
            if (sizeof(TVectors) > 7) s7 = TSimd.Multiply(factor, Load<TSimd, TVector, TLoad>(sizeof(TVectors), 8, y, first, all, last));
        }
        nint incx3 = 3 * incx, lda3 = 3 * lda;
        int m = t->K;
        for (; m >= 4; m -= 4, x += 4 * incx, a += 4 * lda)
        {
            Add<TSimd, TVector, TVectors, TLoad>(
                alpha * *x, a, first, all, last, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
            Add<TSimd, TVector, TVectors, TLoad>(
                alpha * x[incx], a + lda, first, all, last, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
            Add<TSimd, TVector, TVectors, TLoad>(
                alpha * x[2 * incx], a + 2 * lda, first, all, last, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
            Add<TSimd, TVector, TVectors, TLoad>(
                alpha * x[incx3], a + lda3, first, all, last, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
        }
        for (; m > 0; m--, x += incx, a += lda)
        {
            Add<TSimd, TVector, TVectors, TLoad>(
                alpha * *x, a, first, all, last, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5, ref s6, ref s7);
        }
        Store<TSimd, TVector>(sizeof(TVectors), 1, y, s0, first, last);
        if (sizeof(TVectors) > 1) Store<TSimd, TVector>(sizeof(TVectors), 2, y, s1, first, last);
        if (sizeof(TVectors) > 2) Store<TSimd, TVector>(sizeof(TVectors), 3, y, s2, first, last);
        if (sizeof(TVectors) > 3) Store<TSimd, TVector>(sizeof(TVectors), 4, y, s3, first, last);
        if (sizeof(TVectors) > 4) Store<TSimd, TVector>(sizeof(TVectors), 5, y, s4, first, last);
        if (sizeof(TVectors) > 5) Store<TSimd, TVector>(sizeof(TVectors), 6, y, s5, first, last);
        if (sizeof(TVectors) > 6) Store<TSimd, TVector>(sizeof(TVectors), 7, y, s6, first, last);
        if (sizeof(TVectors) > 7) Store<TSimd, TVector>(sizeof(TVectors), 8, y, s7, first, last);
    }

    /// <summary>What one row adds to the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TSimd, TVector, TVectors, TLoad>(
        float x, float* row, TVector first, TVector all, TVector last, ref TVector s0, ref TVector s1, ref TVector s2, ref TVector s3,
        ref TVector s4, ref TVector s5, ref TVector s6, ref TVector s7)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TVectors : unmanaged, ICount
        where TLoad : struct, IMatrixLoad
    {
        TVector factor = TSimd.Broadcast(x);
        s0 = TSimd.FusedMultiplyAdd(factor, Load<TSimd, TVector, TLoad>(sizeof(TVectors), 1, row, first, all, last), s0);
        if (sizeof(TVectors) > 1) s1 = TSimd.FusedMultiplyAdd(factor, Load<TSimd, TVector, TLoad>(sizeof(TVectors), 2, row, first, all, last), s1);
        if (sizeof(TVectors) > 2) s2 = TSimd.FusedMultiplyAdd(factor, Load<TSimd, TVector, TLoad>(sizeof(TVectors), 3, row, first, all, last), s2);
        if (sizeof(TVectors) > 3) s3 = TSimd.FusedMultiplyAdd(factor, Load<TSimd, TVector, TLoad>(sizeof(TVectors), 4, row, first, all, last), s3);
        if (sizeof(TVectors) > 4) s4 = TSimd.FusedMultiplyAdd(factor, Load<TSimd, TVector, TLoad>(sizeof(TVectors), 5, row, first, all, last), s4);
        if (sizeof(TVectors) > 5) s5 = TSimd.FusedMultiplyAdd(factor, Load<TSimd, TVector, TLoad>(sizeof(TVectors), 6, row, first, all, last), s5);
        if (sizeof(TVectors) > 6) s6 = TSimd.FusedMultiplyAdd(factor, Load<TSimd, TVector, TLoad>(sizeof(TVectors), 7, row, first, all, last), s6);
        if (sizeof(TVectors) > 7) s7 = TSimd.FusedMultiplyAdd(factor, Load<TSimd, TVector, TLoad>(sizeof(TVectors), 8, row, first, all, last), s7);
    }

    /// <summary>A vector of a row, counted from 1; the first and the last one through their masks. Both numbers are constants.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load<TSimd, TVector, TLoad>(int vectors, int number, float* row, TVector first, TVector all, TVector last)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TLoad : struct, IMatrixLoad
    {
        // the address written out each time stays an operand of the load
        if (number == vectors) return TSimd.LoadMasked(row + (number - 1) * TSimd.Width, last);
        if (number == 1) return BeyondL1.Load<TSimd, TVector>(row, first);
        return TLoad.Load<TSimd, TVector>(row + (number - 1) * TSimd.Width, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TSimd, TVector>(int vectors, int number, float* row, TVector value, TVector first, TVector last)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* target = row + (number - 1) * TSimd.Width;
        if (number == vectors) TSimd.StoreMasked(target, last, value);
        else if (number == 1 && TSimd.Level == SimdLevel.V512) TSimd.StoreMasked(target, first, value);
        else TSimd.Store(target, value);
    }
}
