using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>A few rows of A at once, so that y is loaded and stored once for all of them.</summary>
/// <remarks>Up to 8 rows: 8 broadcast factors and a vector of y fit 16 registers. The method calls nothing inside its loop.</remarks>
internal static unsafe class GemvRows
{
    /// <summary>The most rows at once.</summary>
    public const int Max = 8;

    /// <summary>y_j ← y_j + Σ_r (alpha x_r) a_rj, one chain of fused multiply-adds in ascending r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Accumulate<TSimd, TVector, TRows>(int n, float alpha, float* a, nint lda, float* x, nint incx, float* y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ICount
    {
        TVector x0 = TSimd.Broadcast(alpha * *x);
        TVector x1 = TRows.Value > 1 ? TSimd.Broadcast(alpha * x[1 * incx]) : TSimd.Zero;
        TVector x2 = TRows.Value > 2 ? TSimd.Broadcast(alpha * x[2 * incx]) : TSimd.Zero;
        TVector x3 = TRows.Value > 3 ? TSimd.Broadcast(alpha * x[3 * incx]) : TSimd.Zero;
        TVector x4 = TRows.Value > 4 ? TSimd.Broadcast(alpha * x[4 * incx]) : TSimd.Zero;
        TVector x5 = TRows.Value > 5 ? TSimd.Broadcast(alpha * x[5 * incx]) : TSimd.Zero;
        TVector x6 = TRows.Value > 6 ? TSimd.Broadcast(alpha * x[6 * incx]) : TSimd.Zero;
        TVector x7 = TRows.Value > 7 ? TSimd.Broadcast(alpha * x[7 * incx]) : TSimd.Zero;
        nint lda2 = 2 * lda;
        float* a0 = a, a3 = a + 3 * lda, a6 = a + 6 * lda;
        int left = n;
        for (; left >= 2 * TSimd.Width; left -= 2 * TSimd.Width)
        {
            Add<TSimd, TVector, TRows>(x0, x1, x2, x3, x4, x5, x6, x7, a0, a3, a6, lda, lda2, y, 0);
            Add<TSimd, TVector, TRows>(x0, x1, x2, x3, x4, x5, x6, x7, a0, a3, a6, lda, lda2, y, TSimd.Width);
            a0 += 2 * TSimd.Width;
            if (TRows.Value > 3) a3 += 2 * TSimd.Width;
            if (TRows.Value > 6) a6 += 2 * TSimd.Width;
            y += 2 * TSimd.Width;
        }
        for (; left >= TSimd.Width; left -= TSimd.Width)
        {
            Add<TSimd, TVector, TRows>(x0, x1, x2, x3, x4, x5, x6, x7, a0, a3, a6, lda, lda2, y, 0);
            a0 += TSimd.Width;
            if (TRows.Value > 3) a3 += TSimd.Width;
            if (TRows.Value > 6) a6 += TSimd.Width;
            y += TSimd.Width;
        }
        if (left > 0)
        {
            TVector mask = TSimd.FirstLanes(left);
            TVector sum = TSimd.LoadMasked(y, mask);
            sum = TSimd.FusedMultiplyAdd(x0, TSimd.LoadMasked(a0, mask), sum);
            if (TRows.Value > 1) sum = TSimd.FusedMultiplyAdd(x1, TSimd.LoadMasked(a0 + lda, mask), sum);
            if (TRows.Value > 2) sum = TSimd.FusedMultiplyAdd(x2, TSimd.LoadMasked(a0 + lda2, mask), sum);
            if (TRows.Value > 3) sum = TSimd.FusedMultiplyAdd(x3, TSimd.LoadMasked(a3, mask), sum);
            if (TRows.Value > 4) sum = TSimd.FusedMultiplyAdd(x4, TSimd.LoadMasked(a3 + lda, mask), sum);
            if (TRows.Value > 5) sum = TSimd.FusedMultiplyAdd(x5, TSimd.LoadMasked(a3 + lda2, mask), sum);
            if (TRows.Value > 6) sum = TSimd.FusedMultiplyAdd(x6, TSimd.LoadMasked(a6, mask), sum);
            if (TRows.Value > 7) sum = TSimd.FusedMultiplyAdd(x7, TSimd.LoadMasked(a6 + lda, mask), sum);
            TSimd.StoreMasked(y, mask, sum);
        }
    }

    /// <summary>The vector of y at <paramref name="at"/>, a constant, and what the rows add to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TSimd, TVector, TRows>(
        TVector x0, TVector x1, TVector x2, TVector x3, TVector x4, TVector x5, TVector x6, TVector x7,
        float* a0, float* a3, float* a6, nint lda, nint lda2, float* y, int at)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ICount
    {
        TVector sum = TSimd.Load(y + at);
        sum = TSimd.FusedMultiplyAdd(x0, TSimd.Load(a0 + at), sum);
        if (TRows.Value > 1) sum = TSimd.FusedMultiplyAdd(x1, TSimd.Load(a0 + lda + at), sum);
        if (TRows.Value > 2) sum = TSimd.FusedMultiplyAdd(x2, TSimd.Load(a0 + lda2 + at), sum);
        if (TRows.Value > 3) sum = TSimd.FusedMultiplyAdd(x3, TSimd.Load(a3 + at), sum);
        if (TRows.Value > 4) sum = TSimd.FusedMultiplyAdd(x4, TSimd.Load(a3 + lda + at), sum);
        if (TRows.Value > 5) sum = TSimd.FusedMultiplyAdd(x5, TSimd.Load(a3 + lda2 + at), sum);
        if (TRows.Value > 6) sum = TSimd.FusedMultiplyAdd(x6, TSimd.Load(a6 + at), sum);
        if (TRows.Value > 7) sum = TSimd.FusedMultiplyAdd(x7, TSimd.Load(a6 + lda + at), sum);
        TSimd.Store(y + at, sum);
    }
}
