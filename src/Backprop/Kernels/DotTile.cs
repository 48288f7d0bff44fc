using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>The innermost loop of dot-shaped work: a few rows of X against a few rows of A, both contiguous along the reduced index.</summary>
/// <remarks>
/// 1 row of X against up to 8 rows of A, or up to 6 rows of X against up to 4 rows of A: with 32 registers 24 sums, 4 vectors of A and one of X fill
/// 29 of them; 2 rows of X fit 16. The method calls nothing: a call would put the sums on the stack.
/// </remarks>
internal static unsafe class DotTile
{
    /// <summary>The most sums at once.</summary>
    public const int MostSums = 24;

    /// <summary>The most rows of X at once at a width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MaxRowsOfX<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => VectorRegisters.Are32 ? 6 : 2;

    /// <summary>y_ir ← fma(alpha, Σ x_ip a_rp, beta y_ir), or alpha Σ where beta is 0 and y is not read, for groups · TRows rows of A. Σ is
    /// the sum over the lanes of <see cref="LaneSum"/>, each one chain of fused multiply-adds in ascending p.</summary>
    /// <param name="groups">How many times TRows rows of A are taken, 1 to 4 or 8.</param>
    /// <param name="k">The length of the rows.</param>
    /// <param name="alpha">The factor of the sums.</param>
    /// <param name="x">X, TRowsOfX rows of k elements.</param>
    /// <param name="ldx">From one row of X to the next.</param>
    /// <param name="a">A, rows of k elements.</param>
    /// <param name="lda">From one row of A to the next.</param>
    /// <param name="beta">The factor of y.</param>
    /// <param name="y">TRowsOfX rows of groups · TRows elements.</param>
    /// <param name="ldy">From one row of y to the next.</param>
    /// <param name="stepY">From one element of a row of y to the next.</param>
    /// <param name="lanes">Room for the 16 lanes of each sum of a group.</param>
    /// <param name="before">How many lanes of the first vector lie before the rows: where all rows of A begin that far behind a place where
    /// a vector belongs, no load of them crosses a cache line. Each lane's sum then stands that many lanes on, which changes no bit of the
    /// tree: at each of its steps the same two meet, in one order or the other. 0 below 512 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TSimd, TVector, TRowsOfX, TRows>(
        int groups, int k, float alpha, float* x, nint ldx, float* a, nint lda, float beta,
        float* y, nint ldy, nint stepY, float* lanes, int before)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRowsOfX : struct, ICount
        where TRows : struct, ICount
    {
        TVector all = TSimd.FirstLanes(TSimd.Width);
        nint lda2 = 2 * lda, ldx2 = 2 * ldx;
        for (; groups > 0; groups--, a += TRows.Value * lda, y += TRows.Value * stepY)
        {
            for (int lane = 0; lane < LaneSum.Lanes; lane += TSimd.Width)
            {
                TVector s00 = TSimd.Zero, s01 = TSimd.Zero, s02 = TSimd.Zero, s03 = TSimd.Zero;
                TVector s04 = TSimd.Zero, s05 = TSimd.Zero, s06 = TSimd.Zero, s07 = TSimd.Zero;
                TVector s10 = TSimd.Zero, s11 = TSimd.Zero, s12 = TSimd.Zero, s13 = TSimd.Zero;
                TVector s20 = TSimd.Zero, s21 = TSimd.Zero, s22 = TSimd.Zero, s23 = TSimd.Zero;
                TVector s30 = TSimd.Zero, s31 = TSimd.Zero, s32 = TSimd.Zero, s33 = TSimd.Zero;
                TVector s40 = TSimd.Zero, s41 = TSimd.Zero, s42 = TSimd.Zero, s43 = TSimd.Zero;
                TVector s50 = TSimd.Zero, s51 = TSimd.Zero, s52 = TSimd.Zero, s53 = TSimd.Zero;
                float* a0 = a + lane - before, a3 = a0 + 3 * lda, a6 = a0 + 6 * lda, x0 = x + lane - before, x3 = x0 + 3 * ldx;
                int left = k - lane + before;
                TVector mask = TSimd.Select(TSimd.FirstLanes(before), TSimd.Zero, all);
                for (bool masked = before > 0; ; masked = true)
                {
                    if (masked)
                    {
                        TVector a0v = TSimd.LoadMasked(a0, mask);
                        TVector a1v = TRows.Value > 1 ? TSimd.LoadMasked(a0 + lda, mask) : TSimd.Zero;
                        TVector a2v = TRows.Value > 2 ? TSimd.LoadMasked(a0 + lda2, mask) : TSimd.Zero;
                        TVector a3v = TRows.Value > 3 ? TSimd.LoadMasked(a3, mask) : TSimd.Zero;
                        TVector v = LaneSum.LoadNeutral<TSimd, TVector>(x0, mask);
                        s00 = TSimd.FusedMultiplyAdd(a0v, v, s00);
                        if (TRows.Value > 1) s01 = TSimd.FusedMultiplyAdd(a1v, v, s01);
                        if (TRows.Value > 2) s02 = TSimd.FusedMultiplyAdd(a2v, v, s02);
                        if (TRows.Value > 3) s03 = TSimd.FusedMultiplyAdd(a3v, v, s03);
                        if (TRows.Value > 4) s04 = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(a3 + lda, mask), v, s04);
                        if (TRows.Value > 5) s05 = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(a3 + lda2, mask), v, s05);
                        if (TRows.Value > 6) s06 = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(a6, mask), v, s06);
                        if (TRows.Value > 7) s07 = TSimd.FusedMultiplyAdd(TSimd.LoadMasked(a6 + lda, mask), v, s07);
                        if (TRowsOfX.Value > 1)
                        {
                            v = LaneSum.LoadNeutral<TSimd, TVector>(x0 + ldx, mask);
                            s10 = TSimd.FusedMultiplyAdd(a0v, v, s10);
                            if (TRows.Value > 1) s11 = TSimd.FusedMultiplyAdd(a1v, v, s11);
                            if (TRows.Value > 2) s12 = TSimd.FusedMultiplyAdd(a2v, v, s12);
                            if (TRows.Value > 3) s13 = TSimd.FusedMultiplyAdd(a3v, v, s13);
                        }
                        if (TRowsOfX.Value > 2)
                        {
                            v = LaneSum.LoadNeutral<TSimd, TVector>(x0 + ldx2, mask);
                            s20 = TSimd.FusedMultiplyAdd(a0v, v, s20);
                            if (TRows.Value > 1) s21 = TSimd.FusedMultiplyAdd(a1v, v, s21);
                            if (TRows.Value > 2) s22 = TSimd.FusedMultiplyAdd(a2v, v, s22);
                            if (TRows.Value > 3) s23 = TSimd.FusedMultiplyAdd(a3v, v, s23);
                        }
                        if (TRowsOfX.Value > 3)
                        {
                            v = LaneSum.LoadNeutral<TSimd, TVector>(x3, mask);
                            s30 = TSimd.FusedMultiplyAdd(a0v, v, s30);
                            if (TRows.Value > 1) s31 = TSimd.FusedMultiplyAdd(a1v, v, s31);
                            if (TRows.Value > 2) s32 = TSimd.FusedMultiplyAdd(a2v, v, s32);
                            if (TRows.Value > 3) s33 = TSimd.FusedMultiplyAdd(a3v, v, s33);
                        }
                        if (TRowsOfX.Value > 4)
                        {
                            v = LaneSum.LoadNeutral<TSimd, TVector>(x3 + ldx, mask);
                            s40 = TSimd.FusedMultiplyAdd(a0v, v, s40);
                            if (TRows.Value > 1) s41 = TSimd.FusedMultiplyAdd(a1v, v, s41);
                            if (TRows.Value > 2) s42 = TSimd.FusedMultiplyAdd(a2v, v, s42);
                            if (TRows.Value > 3) s43 = TSimd.FusedMultiplyAdd(a3v, v, s43);
                        }
                        if (TRowsOfX.Value > 5)
                        {
                            v = LaneSum.LoadNeutral<TSimd, TVector>(x3 + ldx2, mask);
                            s50 = TSimd.FusedMultiplyAdd(a0v, v, s50);
                            if (TRows.Value > 1) s51 = TSimd.FusedMultiplyAdd(a1v, v, s51);
                            if (TRows.Value > 2) s52 = TSimd.FusedMultiplyAdd(a2v, v, s52);
                            if (TRows.Value > 3) s53 = TSimd.FusedMultiplyAdd(a3v, v, s53);
                        }
                        a0 += LaneSum.Lanes;
                        if (TRows.Value > 3) a3 += LaneSum.Lanes;
                        if (TRows.Value > 6) a6 += LaneSum.Lanes;
                        x0 += LaneSum.Lanes;
                        if (TRowsOfX.Value > 3) x3 += LaneSum.Lanes;
                        left -= LaneSum.Lanes;
                    }
                    for (; left >= TSimd.Width; left -= LaneSum.Lanes)
                    {
                        TVector a0v = Load<TSimd, TVector, TRowsOfX, TRows>(a0, all);
                        TVector a1v = TRows.Value > 1 ? Load<TSimd, TVector, TRowsOfX, TRows>(a0 + lda, all) : TSimd.Zero;
                        TVector a2v = TRows.Value > 2 ? Load<TSimd, TVector, TRowsOfX, TRows>(a0 + lda2, all) : TSimd.Zero;
                        TVector a3v = TRows.Value > 3 ? Load<TSimd, TVector, TRowsOfX, TRows>(a3, all) : TSimd.Zero;
                        TVector v = TSimd.Load(x0);
                        s00 = TSimd.FusedMultiplyAdd(a0v, v, s00);
                        if (TRows.Value > 1) s01 = TSimd.FusedMultiplyAdd(a1v, v, s01);
                        if (TRows.Value > 2) s02 = TSimd.FusedMultiplyAdd(a2v, v, s02);
                        if (TRows.Value > 3) s03 = TSimd.FusedMultiplyAdd(a3v, v, s03);
                        if (TRows.Value > 4) s04 = TSimd.FusedMultiplyAdd(Load<TSimd, TVector, TRowsOfX, TRows>(a3 + lda, all), v, s04);
                        if (TRows.Value > 5) s05 = TSimd.FusedMultiplyAdd(Load<TSimd, TVector, TRowsOfX, TRows>(a3 + lda2, all), v, s05);
                        if (TRows.Value > 6) s06 = TSimd.FusedMultiplyAdd(Load<TSimd, TVector, TRowsOfX, TRows>(a6, all), v, s06);
                        if (TRows.Value > 7) s07 = TSimd.FusedMultiplyAdd(Load<TSimd, TVector, TRowsOfX, TRows>(a6 + lda, all), v, s07);
                        if (TRowsOfX.Value > 1)
                        {
                            v = TSimd.Load(x0 + ldx);
                            s10 = TSimd.FusedMultiplyAdd(a0v, v, s10);
                            if (TRows.Value > 1) s11 = TSimd.FusedMultiplyAdd(a1v, v, s11);
                            if (TRows.Value > 2) s12 = TSimd.FusedMultiplyAdd(a2v, v, s12);
                            if (TRows.Value > 3) s13 = TSimd.FusedMultiplyAdd(a3v, v, s13);
                        }
                        if (TRowsOfX.Value > 2)
                        {
                            v = TSimd.Load(x0 + ldx2);
                            s20 = TSimd.FusedMultiplyAdd(a0v, v, s20);
                            if (TRows.Value > 1) s21 = TSimd.FusedMultiplyAdd(a1v, v, s21);
                            if (TRows.Value > 2) s22 = TSimd.FusedMultiplyAdd(a2v, v, s22);
                            if (TRows.Value > 3) s23 = TSimd.FusedMultiplyAdd(a3v, v, s23);
                        }
                        if (TRowsOfX.Value > 3)
                        {
                            v = TSimd.Load(x3);
                            s30 = TSimd.FusedMultiplyAdd(a0v, v, s30);
                            if (TRows.Value > 1) s31 = TSimd.FusedMultiplyAdd(a1v, v, s31);
                            if (TRows.Value > 2) s32 = TSimd.FusedMultiplyAdd(a2v, v, s32);
                            if (TRows.Value > 3) s33 = TSimd.FusedMultiplyAdd(a3v, v, s33);
                        }
                        if (TRowsOfX.Value > 4)
                        {
                            v = TSimd.Load(x3 + ldx);
                            s40 = TSimd.FusedMultiplyAdd(a0v, v, s40);
                            if (TRows.Value > 1) s41 = TSimd.FusedMultiplyAdd(a1v, v, s41);
                            if (TRows.Value > 2) s42 = TSimd.FusedMultiplyAdd(a2v, v, s42);
                            if (TRows.Value > 3) s43 = TSimd.FusedMultiplyAdd(a3v, v, s43);
                        }
                        if (TRowsOfX.Value > 5)
                        {
                            v = TSimd.Load(x3 + ldx2);
                            s50 = TSimd.FusedMultiplyAdd(a0v, v, s50);
                            if (TRows.Value > 1) s51 = TSimd.FusedMultiplyAdd(a1v, v, s51);
                            if (TRows.Value > 2) s52 = TSimd.FusedMultiplyAdd(a2v, v, s52);
                            if (TRows.Value > 3) s53 = TSimd.FusedMultiplyAdd(a3v, v, s53);
                        }
                        a0 += LaneSum.Lanes;
                        if (TRows.Value > 3) a3 += LaneSum.Lanes;
                        if (TRows.Value > 6) a6 += LaneSum.Lanes;
                        x0 += LaneSum.Lanes;
                        if (TRowsOfX.Value > 3) x3 += LaneSum.Lanes;
                    }
                    if (left <= 0) break;
                    mask = TSimd.FirstLanes(left);
                }
                if (TSimd.Width == LaneSum.Lanes)
                {
                    End<TSimd, TVector, TRows>(s00, s01, s02, s03, alpha, beta, y, stepY);
                    if (TRows.Value > 4) End<TSimd, TVector, N4>(s04, s05, s06, s07, alpha, beta, y + FourSums * stepY, stepY);
                    if (TRowsOfX.Value > 1) End<TSimd, TVector, TRows>(s10, s11, s12, s13, alpha, beta, y + ldy, stepY);
                    if (TRowsOfX.Value > 2) End<TSimd, TVector, TRows>(s20, s21, s22, s23, alpha, beta, y + 2 * ldy, stepY);
                    if (TRowsOfX.Value > 3) End<TSimd, TVector, TRows>(s30, s31, s32, s33, alpha, beta, y + 3 * ldy, stepY);
                    if (TRowsOfX.Value > 4) End<TSimd, TVector, TRows>(s40, s41, s42, s43, alpha, beta, y + 4 * ldy, stepY);
                    if (TRowsOfX.Value > 5) End<TSimd, TVector, TRows>(s50, s51, s52, s53, alpha, beta, y + 5 * ldy, stepY);
                    break;
                }
                // one sum after the other, row of X by row of X
                float* target = lanes + lane;
                TSimd.Store(target, s00);
                if (TRows.Value > 1) TSimd.Store(target += LaneSum.Lanes, s01);
                if (TRows.Value > 2) TSimd.Store(target += LaneSum.Lanes, s02);
                if (TRows.Value > 3) TSimd.Store(target += LaneSum.Lanes, s03);
                if (TRows.Value > 4) TSimd.Store(target += LaneSum.Lanes, s04);
                if (TRows.Value > 5) TSimd.Store(target += LaneSum.Lanes, s05);
                if (TRows.Value > 6) TSimd.Store(target += LaneSum.Lanes, s06);
                if (TRows.Value > 7) TSimd.Store(target += LaneSum.Lanes, s07);
                if (TRowsOfX.Value > 1) TSimd.Store(target += LaneSum.Lanes, s10);
                if (TRowsOfX.Value > 1 && TRows.Value > 1) TSimd.Store(target += LaneSum.Lanes, s11);
                if (TRowsOfX.Value > 1 && TRows.Value > 2) TSimd.Store(target += LaneSum.Lanes, s12);
                if (TRowsOfX.Value > 1 && TRows.Value > 3) TSimd.Store(target += LaneSum.Lanes, s13);
                if (TRowsOfX.Value > 2) TSimd.Store(target += LaneSum.Lanes, s20);
                if (TRowsOfX.Value > 2 && TRows.Value > 1) TSimd.Store(target += LaneSum.Lanes, s21);
                if (TRowsOfX.Value > 2 && TRows.Value > 2) TSimd.Store(target += LaneSum.Lanes, s22);
                if (TRowsOfX.Value > 2 && TRows.Value > 3) TSimd.Store(target += LaneSum.Lanes, s23);
                if (TRowsOfX.Value > 3) TSimd.Store(target += LaneSum.Lanes, s30);
                if (TRowsOfX.Value > 3 && TRows.Value > 1) TSimd.Store(target += LaneSum.Lanes, s31);
                if (TRowsOfX.Value > 3 && TRows.Value > 2) TSimd.Store(target += LaneSum.Lanes, s32);
                if (TRowsOfX.Value > 3 && TRows.Value > 3) TSimd.Store(target += LaneSum.Lanes, s33);
                if (TRowsOfX.Value > 4) TSimd.Store(target += LaneSum.Lanes, s40);
                if (TRowsOfX.Value > 4 && TRows.Value > 1) TSimd.Store(target += LaneSum.Lanes, s41);
                if (TRowsOfX.Value > 4 && TRows.Value > 2) TSimd.Store(target += LaneSum.Lanes, s42);
                if (TRowsOfX.Value > 4 && TRows.Value > 3) TSimd.Store(target += LaneSum.Lanes, s43);
                if (TRowsOfX.Value > 5) TSimd.Store(target += LaneSum.Lanes, s50);
                if (TRowsOfX.Value > 5 && TRows.Value > 1) TSimd.Store(target += LaneSum.Lanes, s51);
                if (TRowsOfX.Value > 5 && TRows.Value > 2) TSimd.Store(target += LaneSum.Lanes, s52);
                if (TRowsOfX.Value > 5 && TRows.Value > 3) TSimd.Store(target += LaneSum.Lanes, s53);
            }
            if (TSimd.Width < LaneSum.Lanes) Store<TSimd, TVector, TRowsOfX, TRows>(lanes, alpha, beta, y, ldy, stepY);
        }
    }

    /// <summary>More than four rows are taken where A lies in L1 or beyond L2, from where plain loads come as fast as masked ones or faster.
    /// Several rows of X read A that has come into L1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load<TSimd, TVector, TRowsOfX, TRows>(float* source, TVector all)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRowsOfX : struct, ICount
        where TRows : struct, ICount => TRowsOfX.Value > 1 || TRows.Value > 4 ? TSimd.Load(source) : BeyondL1.Load<TSimd, TVector>(source, all);

    /// <summary>Adds up the lanes of each sum and stores TRowsOfX × TRows elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TSimd, TVector, TRowsOfX, TRows>(float* lanes, float alpha, float beta, float* y, nint ldy, nint stepY)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRowsOfX : struct, ICount
        where TRows : struct, ICount
    {
        for (int i = 0; i < TRowsOfX.Value; i++, y += ldy)
        {
            for (int r = 0; r < TRows.Value; r += FourSums, lanes += Math.Min(FourSums, TRows.Value) * LaneSum.Lanes)
            {
                // where fewer than four are left, the last one stands in for those that are missing
                Vector128<float> sums = TSimd.SumLanes(
                    LaneSum.Fold<TSimd, TVector>(lanes),
                    LaneSum.Fold<TSimd, TVector>(lanes + Math.Min(1, TRows.Value - 1) * LaneSum.Lanes),
                    LaneSum.Fold<TSimd, TVector>(lanes + Math.Min(2, TRows.Value - 1) * LaneSum.Lanes),
                    LaneSum.Fold<TSimd, TVector>(lanes + Math.Min(3, TRows.Value - 1) * LaneSum.Lanes));
                StoreSums<TRows>(sums, alpha, beta, y + r * stepY, stepY);
            }
        }
    }

    /// <summary>Adds up the lanes of up to four sums and stores as many elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void End<TSimd, TVector, TRows>(TVector s0, TVector s1, TVector s2, TVector s3, float alpha, float beta, float* y, nint stepY)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ICount => StoreSums<TRows>(TSimd.SumLanes(s0, s1, s2, s3), alpha, beta, y, stepY);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSums<TRows>(Vector128<float> sums, float alpha, float beta, float* y, nint stepY)
        where TRows : struct, ICount
    {
        Vector128<float> result = Simd128.Broadcast(alpha) * sums, exist = Simd128.FirstLanes(TRows.Value);
        if (beta != 0f)
        {
            Vector128<float> old = stepY == 1 ? Simd128.LoadMasked(y, exist) : Gather<TRows>(y, stepY);
            result = Simd128.FusedMultiplyAdd(Simd128.Broadcast(alpha), sums, Simd128.Broadcast(beta) * old);
        }
        if (stepY != 1) Scatter<TRows>(result, y, stepY);
        else if (TRows.Value >= FourSums) Simd128.Store(y, result);
        else Simd128.StoreMasked(y, exist, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Gather<TRows>(float* y, nint step)
        where TRows : struct, ICount => Vector128.Create(
            y[0], TRows.Value > 1 ? y[step] : 0f, TRows.Value > 2 ? y[2 * step] : 0f, TRows.Value > 3 ? y[3 * step] : 0f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scatter<TRows>(Vector128<float> elements, float* y, nint step)
        where TRows : struct, ICount
    {
        y[0] = elements[0];
        if (TRows.Value > 1) y[step] = elements[1];
        if (TRows.Value > 2) y[2 * step] = elements[2];
        if (TRows.Value > 3) y[3 * step] = elements[3];
    }

    private const int FourSums = 4;
}
