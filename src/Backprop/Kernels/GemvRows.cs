using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>A few rows of A at once, so that x or y is loaded once for all of them.</summary>
/// <remarks>Up to 8 rows: 8 sums or 8 broadcast factors and a vector of x or y fit 16 registers. The methods call nothing inside their
/// loops.</remarks>
internal static unsafe class GemvRows
{
    /// <summary>The most rows at once.</summary>
    public const int Max = 8;

    /// <summary>lanes[r · 16 + l] = Σ a_rj x_j over j ≡ l (mod 16), ascending, for each of the rows: what <see cref="LaneSum"/> adds
    /// up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots<TSimd, TVector, TRows>(int n, float* a, nint lda, float* x, float* lanes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ICount
    {
        nint lda2 = 2 * lda;
        for (int lane = 0; lane < LaneSum.Lanes; lane += TSimd.Width)
        {
            TVector s0 = TSimd.Zero, s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero;
            TVector s4 = TSimd.Zero, s5 = TSimd.Zero, s6 = TSimd.Zero, s7 = TSimd.Zero;
            float* a0 = a + lane, a3 = a0 + 3 * lda, a6 = a0 + 6 * lda, v0 = x + lane;
            int left = n - lane;
            for (; left >= TSimd.Width; left -= LaneSum.Lanes)
            {
                TVector v = TSimd.Load(v0);
                s0 = TSimd.FusedMultiplyAdd(TSimd.Load(a0), v, s0);
                if (TRows.Value > 1) s1 = TSimd.FusedMultiplyAdd(TSimd.Load(a0 + lda), v, s1);
                if (TRows.Value > 2) s2 = TSimd.FusedMultiplyAdd(TSimd.Load(a0 + lda2), v, s2);
                if (TRows.Value > 3) s3 = TSimd.FusedMultiplyAdd(TSimd.Load(a3), v, s3);
                if (TRows.Value > 4) s4 = TSimd.FusedMultiplyAdd(TSimd.Load(a3 + lda), v, s4);
                if (TRows.Value > 5) s5 = TSimd.FusedMultiplyAdd(TSimd.Load(a3 + lda2), v, s5);
                if (TRows.Value > 6) s6 = TSimd.FusedMultiplyAdd(TSimd.Load(a6), v, s6);
                if (TRows.Value > 7) s7 = TSimd.FusedMultiplyAdd(TSimd.Load(a6 + lda), v, s7);
                a0 += LaneSum.Lanes;
                if (TRows.Value > 3) a3 += LaneSum.Lanes;
                if (TRows.Value > 6) a6 += LaneSum.Lanes;
                v0 += LaneSum.Lanes;
            }
            if (left > 0)
            {
                TVector mask = TSimd.FirstLanes(left);
                TVector v = TSimd.LoadMasked(v0, mask);
                s0 = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(a0, mask), v, s0);
                if (TRows.Value > 1) s1 = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(a0 + lda, mask), v, s1);
                if (TRows.Value > 2) s2 = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(a0 + lda2, mask), v, s2);
                if (TRows.Value > 3) s3 = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(a3, mask), v, s3);
                if (TRows.Value > 4) s4 = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(a3 + lda, mask), v, s4);
                if (TRows.Value > 5) s5 = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(a3 + lda2, mask), v, s5);
                if (TRows.Value > 6) s6 = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(a6, mask), v, s6);
                if (TRows.Value > 7) s7 = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(a6 + lda, mask), v, s7);
            }
            TSimd.Store(lanes + lane, s0);
            if (TRows.Value > 1) TSimd.Store(lanes + LaneSum.Lanes + lane, s1);
            if (TRows.Value > 2) TSimd.Store(lanes + 2 * LaneSum.Lanes + lane, s2);
            if (TRows.Value > 3) TSimd.Store(lanes + 3 * LaneSum.Lanes + lane, s3);
            if (TRows.Value > 4) TSimd.Store(lanes + 4 * LaneSum.Lanes + lane, s4);
            if (TRows.Value > 5) TSimd.Store(lanes + 5 * LaneSum.Lanes + lane, s5);
            if (TRows.Value > 6) TSimd.Store(lanes + 6 * LaneSum.Lanes + lane, s6);
            if (TRows.Value > 7) TSimd.Store(lanes + 7 * LaneSum.Lanes + lane, s7);
        }
    }

    /// <summary>y_j ← y_j + Σ_r (alpha x_r) a_rj, one chain of fused multiply-adds in ascending r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Accumulate<TSimd, TVector, TRows>(int n, float alpha, float* a, nint lda, float* x, float* y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ICount
    {
        TVector x0 = TSimd.Broadcast(alpha * x[0]);
        TVector x1 = TRows.Value > 1 ? TSimd.Broadcast(alpha * x[1]) : TSimd.Zero;
        TVector x2 = TRows.Value > 2 ? TSimd.Broadcast(alpha * x[2]) : TSimd.Zero;
        TVector x3 = TRows.Value > 3 ? TSimd.Broadcast(alpha * x[3]) : TSimd.Zero;
        TVector x4 = TRows.Value > 4 ? TSimd.Broadcast(alpha * x[4]) : TSimd.Zero;
        TVector x5 = TRows.Value > 5 ? TSimd.Broadcast(alpha * x[5]) : TSimd.Zero;
        TVector x6 = TRows.Value > 6 ? TSimd.Broadcast(alpha * x[6]) : TSimd.Zero;
        TVector x7 = TRows.Value > 7 ? TSimd.Broadcast(alpha * x[7]) : TSimd.Zero;
        nint lda2 = 2 * lda;
        float* a0 = a, a3 = a + 3 * lda, a6 = a + 6 * lda;
        int left = n;
        for (; left >= TSimd.Width; left -= TSimd.Width)
        {
            TVector sum = TSimd.Load(y);
            sum = TSimd.FusedMultiplyAdd(x0, TSimd.Load(a0), sum);
            if (TRows.Value > 1) sum = TSimd.FusedMultiplyAdd(x1, TSimd.Load(a0 + lda), sum);
            if (TRows.Value > 2) sum = TSimd.FusedMultiplyAdd(x2, TSimd.Load(a0 + lda2), sum);
            if (TRows.Value > 3) sum = TSimd.FusedMultiplyAdd(x3, TSimd.Load(a3), sum);
            if (TRows.Value > 4) sum = TSimd.FusedMultiplyAdd(x4, TSimd.Load(a3 + lda), sum);
            if (TRows.Value > 5) sum = TSimd.FusedMultiplyAdd(x5, TSimd.Load(a3 + lda2), sum);
            if (TRows.Value > 6) sum = TSimd.FusedMultiplyAdd(x6, TSimd.Load(a6), sum);
            if (TRows.Value > 7) sum = TSimd.FusedMultiplyAdd(x7, TSimd.Load(a6 + lda), sum);
            TSimd.Store(y, sum);
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
}
