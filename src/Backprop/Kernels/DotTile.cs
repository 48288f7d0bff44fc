using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>The innermost loop of dot-shaped work: a few rows of X against rows of A, both contiguous along the reduced index.</summary>
/// <remarks>
/// <para>The 16 lanes of a sum are one vector or several, its parts. A pass over the rows holds all of them, so that A is read once, or
/// one of them where the registers do not suffice. The accumulators of one part of one row of X are a <see cref="Sums"/>: six of those fit
/// 32 registers and three fit 16, beside a vector of each row of X and one of A.</para>
/// <para>What keeps accumulators in registers: no call in <see cref="Run"/>, and no struct of more than four fields. Counts are the sizes of
/// types since <c>sizeof</c> is a constant when a method is read: what a tile does not have is then never inlined. A property that
/// returns a constant is folded too late for that; with it the JIT took twice as long and had more locals than it tracks.</para>
/// </remarks>
/// <typeparam name="TSimd">The width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="TRowsOfX">The rows of X: 1 to 6.</typeparam>
/// <typeparam name="TParts">The parts of a pass: 1, or as many as make 16 lanes.</typeparam>
/// <typeparam name="TRowsOfA">The rows of A at a time: 2, 4, or 8 with one row of X and one part.</typeparam>
internal static unsafe class DotTile<TSimd, TVector, TRowsOfX, TParts, TRowsOfA>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TRowsOfX : unmanaged, ICount
    where TParts : unmanaged, ICount
    where TRowsOfA : unmanaged, ICount
{
    private const int SumsLength = 4 * LaneSum.Lanes;
    private const int BytesOfLanes = LaneSum.Lanes * sizeof(float);

    /// <summary>y_ir ← fma(alpha, Σ x_ip a_rp, beta y_ir), or alpha Σ where beta is 0 and y is not read. Σ is the sum over the lanes of
    /// <see cref="LaneSum"/>, each one chain of fused multiply-adds in ascending p.</summary>
    /// <typeparam name="TLoad">Where A is loaded from.</typeparam>
    /// <param name="n">The rows of A, any number: where fewer than TRowsOfA are left, the last one stands in for the missing ones.</param>
    /// <param name="k">The length of the rows.</param>
    /// <param name="alpha">The factor of the sums.</param>
    /// <param name="x">X, TRowsOfX rows of k elements.</param>
    /// <param name="ldx">From one row of X to the next.</param>
    /// <param name="a">A, n rows of k elements.</param>
    /// <param name="lda">From one row of A to the next.</param>
    /// <param name="beta">The factor of y.</param>
    /// <param name="y">TRowsOfX rows of n elements.</param>
    /// <param name="ldy">From one row of y to the next.</param>
    /// <param name="stepY">From one element of a row of y to the next.</param>
    /// <param name="scratch">Room for the 16 lanes of four sums a row of X; used where there are several passes.</param>
    /// <param name="misalignment">How many elements all rows of A begin behind an aligned vector, or 0 to read them from their beginning; 0
    /// where there are several passes. The first vectors then begin that many elements before the rows, masked, and no load of A crosses a
    /// cache line. Each lane's sum stands that many lanes on, which changes no bit of the tree: at each of its steps the same two meet, in
    /// one order or the other.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TLoad>(
        int n, int k, float alpha, float* x, nint ldx, float* a, nint lda, float beta,
        float* y, nint ldy, nint stepY, float* scratch, int misalignment)
        where TLoad : struct, IMatrixLoad
    {
        int pass = sizeof(TParts) * TSimd.Width;
        TVector all = TSimd.FirstLanes(TSimd.Width);
        float* x1 = x + ldx, x2 = x1 + ldx, x3 = x2 + ldx, x4 = x3 + ldx, x5 = x4 + ldx;
        for (; n > 0; n -= sizeof(TRowsOfA), a += sizeof(TRowsOfA) * lda, y += sizeof(TRowsOfA) * stepY)
        {
            float* a1 = a + lda, a2 = a1 + lda, a3 = a2 + lda, a4 = a3 + lda, a5 = a4 + lda, a6 = a5 + lda, a7 = a6 + lda;
            if (n < sizeof(TRowsOfA))
            {
                a1 = n > 1 ? a1 : a;
                a2 = n > 2 ? a2 : a1;
                a3 = n > 3 ? a3 : a2;
                a4 = n > 4 ? a4 : a3;
                a5 = n > 5 ? a5 : a4;
                a6 = n > 6 ? a6 : a5;
                a7 = a6;
            }
            for (int lane = 0; lane < LaneSum.Lanes; lane += pass)
            {
                Sums s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default;
                nint p = lane - misalignment;
                for (bool masked = misalignment > 0; ; masked = true)
                {
                    if (masked)
                    {
                        Step<PartOfVector>(p, k, all, x, x1, x2, x3, x4, x5, a, a1, a2, a3, a4, a5, a6, a7,
                            ref s0, ref s1, ref s2, ref s3, ref s4, ref s5);
                        p += LaneSum.Lanes;
                    }
                    // 24 multiply-adds a turn; not with 8 rows of A, where loads take longer and this cost 2–7 % of the time (Zen 5)
                    if (sizeof(TRowsOfA) == 4 && sizeof(TRowsOfX) * sizeof(TParts) < 6)
                    {
                        int steps = sizeof(TRowsOfX) * sizeof(TParts) < 3 ? 3 : 2;
                        for (; p <= k - (steps - 1) * LaneSum.Lanes - pass; p += steps * LaneSum.Lanes)
                        {
                            Step<TLoad>(p, k, all, x, x1, x2, x3, x4, x5, a, a1, a2, a3, a4, a5, a6, a7,
                                ref s0, ref s1, ref s2, ref s3, ref s4, ref s5);
                            Step<TLoad>(p + LaneSum.Lanes, k, all, x, x1, x2, x3, x4, x5, a, a1, a2, a3, a4, a5, a6, a7,
                                ref s0, ref s1, ref s2, ref s3, ref s4, ref s5);
                            if (sizeof(TRowsOfX) * sizeof(TParts) < 3)
                            {
                                Step<TLoad>(p + 2 * LaneSum.Lanes, k, all, x, x1, x2, x3, x4, x5, a, a1, a2, a3, a4, a5, a6, a7,
                                    ref s0, ref s1, ref s2, ref s3, ref s4, ref s5);
                            }
                        }
                    }
                    for (; p <= k - pass; p += LaneSum.Lanes)
                    {
                        Step<TLoad>(p, k, all, x, x1, x2, x3, x4, x5, a, a1, a2, a3, a4, a5, a6, a7,
                            ref s0, ref s1, ref s2, ref s3, ref s4, ref s5);
                    }
                    if (p >= k) break;
                }
                if (sizeof(TParts) * Unsafe.SizeOf<TVector>() < BytesOfLanes)
                {
                    Store(s0, scratch + lane);
                    if (sizeof(TRowsOfX) > 1) Store(s1, scratch + SumsLength + lane);
                    if (sizeof(TRowsOfX) > 2) Store(s2, scratch + 2 * SumsLength + lane);
                    if (sizeof(TRowsOfX) > 3) Store(s3, scratch + 3 * SumsLength + lane);
                    if (sizeof(TRowsOfX) > 4) Store(s4, scratch + 4 * SumsLength + lane);
                    if (sizeof(TRowsOfX) > 5) Store(s5, scratch + 5 * SumsLength + lane);
                    continue;
                }
                // the first steps of the tree, down to one vector a sum
                if (sizeof(TParts) == 4) s0 = Add(Add(s0, s2), Add(s1, s3));
                if (sizeof(TParts) == 2) (s0, s1, s2) = (Add(s0, s1), Add(s2, s3), Add(s4, s5));
                Finish(SumLanes(s0), n, alpha, beta, y, stepY);
                if (sizeof(TRowsOfA) == 8 && n > 4) Finish(SumLanes(s1), n - 4, alpha, beta, y + 4 * stepY, stepY);
                if (sizeof(TRowsOfX) > 1) Finish(SumLanes(s1), n, alpha, beta, y + ldy, stepY);
                if (sizeof(TRowsOfX) > 2) Finish(SumLanes(s2), n, alpha, beta, y + 2 * ldy, stepY);
                if (sizeof(TRowsOfX) > 3) Finish(SumLanes(s3), n, alpha, beta, y + 3 * ldy, stepY);
                if (sizeof(TRowsOfX) > 4) Finish(SumLanes(s4), n, alpha, beta, y + 4 * ldy, stepY);
                if (sizeof(TRowsOfX) > 5) Finish(SumLanes(s5), n, alpha, beta, y + 5 * ldy, stepY);
                break;
            }
            if (sizeof(TParts) * Unsafe.SizeOf<TVector>() < BytesOfLanes)
            {
                for (int i = 0; i < sizeof(TRowsOfX); i++)
                    Finish(SumLanes(scratch + i * SumsLength), n, alpha, beta, y + i * ldy, stepY);
            }
        }
    }

    /// <summary>The next 16 terms of the sums, or those of this pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TLoad>(
        nint p, int k, TVector all, float* x0, float* x1, float* x2, float* x3, float* x4, float* x5,
        float* a0, float* a1, float* a2, float* a3, float* a4, float* a5, float* a6, float* a7,
        ref Sums s0, ref Sums s1, ref Sums s2, ref Sums s3, ref Sums s4, ref Sums s5)
        where TLoad : struct, IMatrixLoad
    {
        int width = TSimd.Width;
        if (sizeof(TParts) == 1)
        {
            Part<TLoad>(p, k, all, x0, x1, x2, x3, x4, x5, a0, a1, a2, a3, ref s0, ref s1, ref s2, ref s3, ref s4, ref s5);
            if (sizeof(TRowsOfA) == 8)
                Part<TLoad>(p, k, all, x0, x1, x2, x3, x4, x5, a4, a5, a6, a7, ref s1, ref s1, ref s1, ref s1, ref s1, ref s1);
        }
        else if (sizeof(TParts) == 2)
        {
            Part<TLoad>(p, k, all, x0, x1, x2, x3, x4, x5, a0, a1, a2, a3, ref s0, ref s2, ref s4, ref s4, ref s4, ref s4);
            Part<TLoad>(p + width, k, all, x0, x1, x2, x3, x4, x5, a0, a1, a2, a3, ref s1, ref s3, ref s5, ref s5, ref s5, ref s5);
        }
        else
        {
            Part<TLoad>(p, k, all, x0, x1, x2, x3, x4, x5, a0, a1, a2, a3, ref s0, ref s0, ref s0, ref s0, ref s0, ref s0);
            Part<TLoad>(p + width, k, all, x0, x1, x2, x3, x4, x5, a0, a1, a2, a3, ref s1, ref s1, ref s1, ref s1, ref s1, ref s1);
            Part<TLoad>(p + 2 * width, k, all, x0, x1, x2, x3, x4, x5, a0, a1, a2, a3, ref s2, ref s2, ref s2, ref s2, ref s2, ref s2);
            Part<TLoad>(p + 3 * width, k, all, x0, x1, x2, x3, x4, x5, a0, a1, a2, a3, ref s3, ref s3, ref s3, ref s3, ref s3, ref s3);
        }
    }

    /// <summary>One vector of each row: those of X stay in registers while those of A come one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Part<TLoad>(
        nint p, int k, TVector all, float* x0, float* x1, float* x2, float* x3, float* x4, float* x5,
        float* a0, float* a1, float* a2, float* a3, ref Sums s0, ref Sums s1, ref Sums s2, ref Sums s3, ref Sums s4, ref Sums s5)
        where TLoad : struct, IMatrixLoad
    {
        TVector mask = typeof(TLoad) == typeof(PartOfVector) ? PartOfVector.Mask(p, k, all) : all;
        TVector v0 = LoadX<TLoad>(x0 + p, mask), v1 = v0, v2 = v0, v3 = v0, v4 = v0, v5 = v0;
        if (sizeof(TRowsOfX) > 1) v1 = LoadX<TLoad>(x1 + p, mask);
        if (sizeof(TRowsOfX) > 2) v2 = LoadX<TLoad>(x2 + p, mask);
        if (sizeof(TRowsOfX) > 3) v3 = LoadX<TLoad>(x3 + p, mask);
        if (sizeof(TRowsOfX) > 4) v4 = LoadX<TLoad>(x4 + p, mask);
        if (sizeof(TRowsOfX) > 5) v5 = LoadX<TLoad>(x5 + p, mask);
        Row(TLoad.Load<TSimd, TVector>(a0 + p, mask), v0, v1, v2, v3, v4, v5,
            ref s0.A0, ref s1.A0, ref s2.A0, ref s3.A0, ref s4.A0, ref s5.A0);
        Row(TLoad.Load<TSimd, TVector>(a1 + p, mask), v0, v1, v2, v3, v4, v5,
            ref s0.A1, ref s1.A1, ref s2.A1, ref s3.A1, ref s4.A1, ref s5.A1);
        if (sizeof(TRowsOfA) == 2) return;
        Row(TLoad.Load<TSimd, TVector>(a2 + p, mask), v0, v1, v2, v3, v4, v5,
            ref s0.A2, ref s1.A2, ref s2.A2, ref s3.A2, ref s4.A2, ref s5.A2);
        Row(TLoad.Load<TSimd, TVector>(a3 + p, mask), v0, v1, v2, v3, v4, v5,
            ref s0.A3, ref s1.A3, ref s2.A3, ref s3.A3, ref s4.A3, ref s5.A3);
    }

    /// <summary>s_i ← s_i + a v_i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(
        TVector a, TVector v0, TVector v1, TVector v2, TVector v3, TVector v4, TVector v5,
        ref TVector s0, ref TVector s1, ref TVector s2, ref TVector s3, ref TVector s4, ref TVector s5)
    {
        s0 = TSimd.FusedMultiplyAdd(a, v0, s0);
        if (sizeof(TRowsOfX) > 1) s1 = TSimd.FusedMultiplyAdd(a, v1, s1);
        if (sizeof(TRowsOfX) > 2) s2 = TSimd.FusedMultiplyAdd(a, v2, s2);
        if (sizeof(TRowsOfX) > 3) s3 = TSimd.FusedMultiplyAdd(a, v3, s3);
        if (sizeof(TRowsOfX) > 4) s4 = TSimd.FusedMultiplyAdd(a, v4, s4);
        if (sizeof(TRowsOfX) > 5) s5 = TSimd.FusedMultiplyAdd(a, v5, s5);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LoadX<TLoad>(float* source, TVector mask) =>
        typeof(TLoad) == typeof(PartOfVector) ? LaneSum.LoadNeutral<TSimd, TVector>(source, mask) : TSimd.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Sums Add(in Sums s, in Sums t) =>
        new() { A0 = TSimd.Add(s.A0, t.A0), A1 = TSimd.Add(s.A1, t.A1), A2 = TSimd.Add(s.A2, t.A2), A3 = TSimd.Add(s.A3, t.A3) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> SumLanes(in Sums s) => TSimd.SumLanes(s.A0, s.A1, s.A2, s.A3);

    /// <summary>The lanes of a sum beside each other, those of the next sum behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(in Sums s, float* lanes)
    {
        TSimd.Store(lanes, s.A0);
        TSimd.Store(lanes + LaneSum.Lanes, s.A1);
        TSimd.Store(lanes + 2 * LaneSum.Lanes, s.A2);
        TSimd.Store(lanes + 3 * LaneSum.Lanes, s.A3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> SumLanes(float* lanes) => TSimd.SumLanes(
        LaneSum.Fold<TSimd, TVector>(lanes),
        LaneSum.Fold<TSimd, TVector>(lanes + LaneSum.Lanes),
        LaneSum.Fold<TSimd, TVector>(lanes + 2 * LaneSum.Lanes),
        LaneSum.Fold<TSimd, TVector>(lanes + 3 * LaneSum.Lanes));

    /// <summary>The first elements of y, up to four, from their sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(Vector128<float> sums, int count, float alpha, float beta, float* y, nint stepY)
    {
        Vector128<float> result = Simd128.Broadcast(alpha) * sums, exist = Simd128.FirstLanes(count);
        if (beta != 0f)
        {
            Vector128<float> old = stepY == 1 ? Simd128.LoadMasked(y, exist) : Gather(y, stepY, count);
            result = Simd128.FusedMultiplyAdd(Simd128.Broadcast(alpha), sums, Simd128.Broadcast(beta) * old);
        }
        if (stepY != 1) Scatter(result, y, stepY, count);
        else if (count >= 4) Simd128.Store(y, result);
        else Simd128.StoreMasked(y, exist, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Gather(float* y, nint step, int count) => Vector128.Create(
        y[0], count > 1 ? y[step] : 0f, count > 2 ? y[2 * step] : 0f, count > 3 ? y[3 * step] : 0f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scatter(Vector128<float> elements, float* y, nint step, int count)
    {
        y[0] = elements[0];
        if (count > 1) y[step] = elements[1];
        if (count > 2) y[2 * step] = elements[2];
        if (count > 3) y[3 * step] = elements[3];
    }

    /// <summary>The accumulators of one part of one row of X against four rows of A.</summary>
    private struct Sums
    {
        public TVector A0, A1, A2, A3;
    }

    /// <summary>Vectors that begin before the rows or end behind them, not both.</summary>
    private readonly struct PartOfVector : IMatrixLoad
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Mask(nint p, int k, TVector all) =>
            p < 0 ? TSimd.Select(TSimd.FirstLanes(-(int)p), TSimd.Zero, all) : TSimd.FirstLanes(k - (int)p);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TAny Load<TWidth, TAny>(float* source, TAny mask)
            where TWidth : struct, ISimd<TAny>
            where TAny : struct => TWidth.LoadMasked(source, mask);
    }
}
