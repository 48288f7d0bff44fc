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
    /// <param name="m">The rows of A.</param>
    /// <param name="alpha">The factor of x.</param>
    /// <param name="x">m elements.</param>
    /// <param name="incx">From one of them to the next.</param>
    /// <param name="a">A, TVectors vectors of columns.</param>
    /// <param name="lda">From one row of A to the next.</param>
    /// <param name="beta">The factor of y.</param>
    /// <param name="y">The sums.</param>
    /// <param name="first">The lanes of the first vector that exist, all of them unless the width is 512 bits.</param>
    /// <param name="all">All lanes.</param>
    /// <param name="last">The lanes of the last vector that exist; where it is the first as well, what both leave.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TSimd, TVector, TVectors, TLoad>(
        int m, float alpha, float* x, nint incx, float* a, nint lda, float beta, float* y, TVector first, TVector all, TVector last)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TVectors : struct, ICount
        where TLoad : struct, IMatrixLoad
    {
        TVector s0 = TSimd.Zero;
        TVector s1 = TSimd.Zero;
        TVector s2 = TSimd.Zero;
        TVector s3 = TSimd.Zero;
        TVector s4 = TSimd.Zero;
        TVector s5 = TSimd.Zero;
        TVector s6 = TSimd.Zero;
        TVector s7 = TSimd.Zero;
        if (beta != 0f)
        {
            TVector factor = TSimd.Broadcast(beta);
            s0 = TSimd.Multiply(factor, Load<TSimd, TVector, TVectors, N1, TLoad>(y, first, all, last));
            if (TVectors.Value > 1) s1 = TSimd.Multiply(factor, Load<TSimd, TVector, TVectors, N2, TLoad>(y, first, all, last));
            if (TVectors.Value > 2) s2 = TSimd.Multiply(factor, Load<TSimd, TVector, TVectors, N3, TLoad>(y, first, all, last));
            if (TVectors.Value > 3) s3 = TSimd.Multiply(factor, Load<TSimd, TVector, TVectors, N4, TLoad>(y, first, all, last));
            if (TVectors.Value > 4) s4 = TSimd.Multiply(factor, Load<TSimd, TVector, TVectors, N5, TLoad>(y, first, all, last));
            if (TVectors.Value > 5) s5 = TSimd.Multiply(factor, Load<TSimd, TVector, TVectors, N6, TLoad>(y, first, all, last));
            if (TVectors.Value > 6) s6 = TSimd.Multiply(factor, Load<TSimd, TVector, TVectors, N7, TLoad>(y, first, all, last));
            if (TVectors.Value > 7) s7 = TSimd.Multiply(factor, Load<TSimd, TVector, TVectors, N8, TLoad>(y, first, all, last));
        }
        nint incx3 = 3 * incx, lda3 = 3 * lda;
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
        Store<TSimd, TVector, TVectors, N1>(y, s0, first, last);
        if (TVectors.Value > 1) Store<TSimd, TVector, TVectors, N2>(y, s1, first, last);
        if (TVectors.Value > 2) Store<TSimd, TVector, TVectors, N3>(y, s2, first, last);
        if (TVectors.Value > 3) Store<TSimd, TVector, TVectors, N4>(y, s3, first, last);
        if (TVectors.Value > 4) Store<TSimd, TVector, TVectors, N5>(y, s4, first, last);
        if (TVectors.Value > 5) Store<TSimd, TVector, TVectors, N6>(y, s5, first, last);
        if (TVectors.Value > 6) Store<TSimd, TVector, TVectors, N7>(y, s6, first, last);
        if (TVectors.Value > 7) Store<TSimd, TVector, TVectors, N8>(y, s7, first, last);
    }

    /// <summary>What one row adds to the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TSimd, TVector, TVectors, TLoad>(
        float x, float* row, TVector first, TVector all, TVector last, ref TVector s0, ref TVector s1, ref TVector s2, ref TVector s3,
        ref TVector s4, ref TVector s5, ref TVector s6, ref TVector s7)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TVectors : struct, ICount
        where TLoad : struct, IMatrixLoad
    {
        TVector factor = TSimd.Broadcast(x);
        s0 = TSimd.FusedMultiplyAdd(factor, Load<TSimd, TVector, TVectors, N1, TLoad>(row, first, all, last), s0);
        if (TVectors.Value > 1) s1 = TSimd.FusedMultiplyAdd(factor, Load<TSimd, TVector, TVectors, N2, TLoad>(row, first, all, last), s1);
        if (TVectors.Value > 2) s2 = TSimd.FusedMultiplyAdd(factor, Load<TSimd, TVector, TVectors, N3, TLoad>(row, first, all, last), s2);
        if (TVectors.Value > 3) s3 = TSimd.FusedMultiplyAdd(factor, Load<TSimd, TVector, TVectors, N4, TLoad>(row, first, all, last), s3);
        if (TVectors.Value > 4) s4 = TSimd.FusedMultiplyAdd(factor, Load<TSimd, TVector, TVectors, N5, TLoad>(row, first, all, last), s4);
        if (TVectors.Value > 5) s5 = TSimd.FusedMultiplyAdd(factor, Load<TSimd, TVector, TVectors, N6, TLoad>(row, first, all, last), s5);
        if (TVectors.Value > 6) s6 = TSimd.FusedMultiplyAdd(factor, Load<TSimd, TVector, TVectors, N7, TLoad>(row, first, all, last), s6);
        if (TVectors.Value > 7) s7 = TSimd.FusedMultiplyAdd(factor, Load<TSimd, TVector, TVectors, N8, TLoad>(row, first, all, last), s7);
    }

    /// <summary>Vector TIndex of a row, counted from 1; the first and the last one through their masks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load<TSimd, TVector, TVectors, TIndex, TLoad>(float* row, TVector first, TVector all, TVector last)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TVectors : struct, ICount
        where TIndex : struct, ICount
        where TLoad : struct, IMatrixLoad
    {
        // the address written out each time stays an operand of the load
        if (TIndex.Value == TVectors.Value) return TSimd.LoadMasked(row + (TIndex.Value - 1) * TSimd.Width, last);
        if (TIndex.Value == 1) return BeyondL1.Load<TSimd, TVector>(row, first);
        return TLoad.Load<TSimd, TVector>(row + (TIndex.Value - 1) * TSimd.Width, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TSimd, TVector, TVectors, TIndex>(float* row, TVector value, TVector first, TVector last)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TVectors : struct, ICount
        where TIndex : struct, ICount
    {
        float* target = row + (TIndex.Value - 1) * TSimd.Width;
        if (TIndex.Value == TVectors.Value) TSimd.StoreMasked(target, last, value);
        else if (TIndex.Value == 1 && TSimd.Level == SimdLevel.V512) TSimd.StoreMasked(target, first, value);
        else TSimd.Store(target, value);
    }
}
