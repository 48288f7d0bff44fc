using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>The innermost loop of dot-shaped work: a few rows of X against rows of A, four or eight at a time, both contiguous along the reduced
/// index.</summary>
/// <remarks>
/// The 16 lanes of a sum are <see cref="LaneSum.Lanes"/> / Width vectors; a pass over the rows holds as many of them, its parts, as there are registers
/// for: 24 accumulators of 32 registers, 12 of 16. The accumulators are six groups of four: a group is one part of one row of X against four rows of A.
/// Run calls nothing: a call would put the accumulators on the stack. A struct is kept in registers up to four fields.
/// </remarks>
internal static unsafe class DotTile
{
    /// <summary>The most rows of X at once.</summary>
    public static int MaxRowsOfX
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MaxGroups;
    }

    /// <summary>The most sums at once.</summary>
    public const int MaxSums = 24;

    public static int MaxGroups
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => VectorRegisters.Are32 ? 6 : 3;
    }

    /// <summary>y_ir ← fma(alpha, Σ x_ip a_rp, beta y_ir), or alpha Σ where beta is 0 and y is not read. Σ is the sum over the lanes of
    /// <see cref="LaneSum"/>, each one chain of fused multiply-adds in ascending p.</summary>
    /// <param name="n">The rows of A, any number: where a group lacks rows, its last one stands in for them.</param>
    /// <param name="k">The length of the rows.</param>
    /// <param name="alpha">The factor of the sums.</param>
    /// <param name="x">X, TRowsOfX rows of k elements.</param>
    /// <param name="ldx">From one row of X to the next.</param>
    /// <param name="a">A, rows of k elements.</param>
    /// <param name="lda">From one row of A to the next.</param>
    /// <param name="beta">The factor of y.</param>
    /// <param name="y">TRowsOfX rows of n elements.</param>
    /// <param name="ldy">From one row of y to the next.</param>
    /// <param name="stepY">From one element of a row of y to the next.</param>
    /// <param name="lanes">Room for the 16 lanes of each sum, used where a pass does not hold them all.</param>
    /// <param name="misalignment">How many elements all rows of A begin behind a multiple of a vector, or 0 to read them from their beginning. The first
    /// vector then begins that many elements before the rows, under a mask, and no load crosses a cache line. Each lane's sum stands that many lanes
    /// on, which changes no bit of the tree: at each of its steps the same two meet, in one order or the other. 0 where there are several
    /// passes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, TLoad>(
        int n, int k, float alpha, float* x, nint ldx, float* a, nint lda, float beta,
        float* y, nint ldy, nint stepY, float* lanes, int misalignment)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRowsOfX : unmanaged, ICount
        where TParts : unmanaged, ICount
        where TRowsOfA : unmanaged, ICount
        where TLoad : struct, IDotLoad
    {
        TVector all = TSimd.FirstLanes(TSimd.Width);
                float* x1 = x + ldx, x2 = x1 + ldx, x3 = x2 + ldx, x4 = x3 + ldx, x5 = x4 + ldx;
        for (; n > 0; n -= sizeof(TRowsOfA), a += sizeof(TRowsOfA) * lda, y += sizeof(TRowsOfA) * stepY)
        {
            int last = Math.Min(n, sizeof(TRowsOfA)) - 1;
            float* a1 = a + Math.Min(1, last) * lda, a2 = a + Math.Min(2, last) * lda, a3 = a + Math.Min(3, last) * lda;
            float* a4 = a + Math.Min(4, last) * lda, a5 = a + Math.Min(5, last) * lda, a6 = a + Math.Min(6, last) * lda;
            float* a7 = a + last * lda;
            for (int lane = 0; lane < LaneSum.Lanes; lane += sizeof(TParts) * Unsafe.SizeOf<TVector>() / sizeof(float))
            {
                Four<TVector> g0 = Zero<TSimd, TVector>(), g1 = Zero<TSimd, TVector>(), g2 = Zero<TSimd, TVector>();
                Four<TVector> g3 = Zero<TSimd, TVector>(), g4 = Zero<TSimd, TVector>(), g5 = Zero<TSimd, TVector>();
                nint p = lane - misalignment;
                for (bool masked = misalignment > 0; ; masked = true)
                {
                    if (masked)
                    {
                        Step<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, PartOfVector>(p, k, all, x, x1, x2, x3, x4, x5, a, a1, a2, a3, a4, a5, a6, a7,
                            ref g0, ref g1, ref g2, ref g3, ref g4, ref g5);
                        p += LaneSum.Lanes;
                    }
                                        for (; sizeof(TRowsOfX) * sizeof(TParts) * sizeof(TRowsOfA) < 24 && p <= k - (sizeof(TRowsOfX) * sizeof(TParts) * sizeof(TRowsOfA) < 12 ? 3 : 1) * LaneSum.Lanes - sizeof(TParts) * Unsafe.SizeOf<TVector>() / sizeof(float); p += (sizeof(TRowsOfX) * sizeof(TParts) * sizeof(TRowsOfA) < 12 ? 4 : 2) * LaneSum.Lanes)
                    {
                        Step<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, TLoad>(p, k, all, x, x1, x2, x3, x4, x5, a, a1, a2, a3, a4, a5, a6, a7,
                            ref g0, ref g1, ref g2, ref g3, ref g4, ref g5);
                        Step<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, TLoad>(p + LaneSum.Lanes, k, all, x, x1, x2, x3, x4, x5, a, a1, a2, a3, a4, a5, a6, a7,
                            ref g0, ref g1, ref g2, ref g3, ref g4, ref g5);
                        if (sizeof(TRowsOfX) * sizeof(TParts) * sizeof(TRowsOfA) < 12)
                        {
                            Step<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, TLoad>(p + 2 * LaneSum.Lanes, k, all, x, x1, x2, x3, x4, x5, a, a1, a2, a3, a4, a5, a6, a7,
                                ref g0, ref g1, ref g2, ref g3, ref g4, ref g5);
                            Step<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, TLoad>(p + 3 * LaneSum.Lanes, k, all, x, x1, x2, x3, x4, x5, a, a1, a2, a3, a4, a5, a6, a7,
                                ref g0, ref g1, ref g2, ref g3, ref g4, ref g5);
                        }
                    }
                    for (; p <= k - sizeof(TParts) * Unsafe.SizeOf<TVector>() / sizeof(float); p += LaneSum.Lanes)
                    {
                        Step<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, TLoad>(p, k, all, x, x1, x2, x3, x4, x5, a, a1, a2, a3, a4, a5, a6, a7,
                            ref g0, ref g1, ref g2, ref g3, ref g4, ref g5);
                    }
                    if (p >= k) break;
                }
                if (sizeof(TParts) * Unsafe.SizeOf<TVector>() == 64)
                {
                    if (sizeof(TRowsOfA) > 4)
                    {
                        Store(TSimd.SumLanes(g0.V0, g0.V1, g0.V2, g0.V3), n, alpha, beta, y, stepY);
                        if (n > 4) Store(TSimd.SumLanes(g1.V0, g1.V1, g1.V2, g1.V3), n - 4, alpha, beta, y + 4 * stepY, stepY);
                    }
                    else if (sizeof(TParts) == 4)
                        Store(Sum<TSimd, TVector>(Add<TSimd, TVector>(g0, g2), Add<TSimd, TVector>(g1, g3)), n, alpha, beta, y, stepY);
                    else if (sizeof(TParts) == 2)
                    {
                        Store(Sum<TSimd, TVector>(g0, g1), n, alpha, beta, y, stepY);
                        if (sizeof(TRowsOfX) > 1) Store(Sum<TSimd, TVector>(g2, g3), n, alpha, beta, y + ldy, stepY);
                        if (sizeof(TRowsOfX) > 2) Store(Sum<TSimd, TVector>(g4, g5), n, alpha, beta, y + 2 * ldy, stepY);
                    }
                    else
                    {
                        Store(TSimd.SumLanes(g0.V0, g0.V1, g0.V2, g0.V3), n, alpha, beta, y, stepY);
                        if (sizeof(TRowsOfX) > 1) Store(TSimd.SumLanes(g1.V0, g1.V1, g1.V2, g1.V3), n, alpha, beta, y + ldy, stepY);
                        if (sizeof(TRowsOfX) > 2) Store(TSimd.SumLanes(g2.V0, g2.V1, g2.V2, g2.V3), n, alpha, beta, y + 2 * ldy, stepY);
                        if (sizeof(TRowsOfX) > 3) Store(TSimd.SumLanes(g3.V0, g3.V1, g3.V2, g3.V3), n, alpha, beta, y + 3 * ldy, stepY);
                        if (sizeof(TRowsOfX) > 4) Store(TSimd.SumLanes(g4.V0, g4.V1, g4.V2, g4.V3), n, alpha, beta, y + 4 * ldy, stepY);
                        if (sizeof(TRowsOfX) > 5) Store(TSimd.SumLanes(g5.V0, g5.V1, g5.V2, g5.V3), n, alpha, beta, y + 5 * ldy, stepY);
                    }
                    break;
                }
                // group after group: the parts of a row of X stand beside each other
                StoreLanes<TSimd, TVector>(g0, lanes + lane);
                int groupsOfRow = 4 * LaneSum.Lanes;
                int width = TSimd.Width;
                if (sizeof(TRowsOfX) * sizeof(TParts) > 1) StoreLanes<TSimd, TVector>(g1, lanes + lane + 1 / sizeof(TParts) * groupsOfRow + 1 % sizeof(TParts) * width);
                if (sizeof(TRowsOfX) * sizeof(TParts) > 2) StoreLanes<TSimd, TVector>(g2, lanes + lane + 2 / sizeof(TParts) * groupsOfRow + 2 % sizeof(TParts) * width);
                if (sizeof(TRowsOfX) * sizeof(TParts) > 3) StoreLanes<TSimd, TVector>(g3, lanes + lane + 3 / sizeof(TParts) * groupsOfRow + 3 % sizeof(TParts) * width);
                if (sizeof(TRowsOfX) * sizeof(TParts) > 4) StoreLanes<TSimd, TVector>(g4, lanes + lane + 4 / sizeof(TParts) * groupsOfRow + 4 % sizeof(TParts) * width);
                if (sizeof(TRowsOfX) * sizeof(TParts) > 5) StoreLanes<TSimd, TVector>(g5, lanes + lane + 5 / sizeof(TParts) * groupsOfRow + 5 % sizeof(TParts) * width);
            }
            if (sizeof(TParts) * Unsafe.SizeOf<TVector>() < 64)
            {
                for (int i = 0; i < sizeof(TRowsOfX); i++)
                {
                    float* row = lanes + 4 * i * LaneSum.Lanes;
                    Vector128<float> sums = TSimd.SumLanes(
                        LaneSum.Fold<TSimd, TVector>(row), LaneSum.Fold<TSimd, TVector>(row + LaneSum.Lanes),
                        LaneSum.Fold<TSimd, TVector>(row + 2 * LaneSum.Lanes), LaneSum.Fold<TSimd, TVector>(row + 3 * LaneSum.Lanes));
                    Store(sums, n, alpha, beta, y + i * ldy, stepY);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, TLoad>(
        nint p, int k, TVector all,
        float* x0, float* x1, float* x2, float* x3, float* x4, float* x5,
        float* a0, float* a1, float* a2, float* a3, float* a4, float* a5, float* a6, float* a7,
        ref Four<TVector> g0, ref Four<TVector> g1, ref Four<TVector> g2, ref Four<TVector> g3, ref Four<TVector> g4, ref Four<TVector> g5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRowsOfX : unmanaged, ICount
        where TParts : unmanaged, ICount
        where TRowsOfA : unmanaged, ICount
        where TLoad : struct, IDotLoad
    {
                if (sizeof(TRowsOfA) > 4)
        {
            TVector mask = TLoad.Mask<TSimd, TVector>(p, k, all), v = TLoad.X<TSimd, TVector>(x0 + p, mask);
            Row<TSimd, TVector, TLoad>(v, a0 + p, a1 + p, a2 + p, a3 + p, mask, ref g0);
            Row<TSimd, TVector, TLoad>(v, a4 + p, a5 + p, a6 + p, a7 + p, mask, ref g1);
        }
        else if (sizeof(TParts) == 1)
            Part<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, TLoad>(p, k, all, x0, x1, x2, x3, x4, x5, a0, a1, a2, a3, ref g0, ref g1, ref g2, ref g3, ref g4, ref g5);
        else if (sizeof(TParts) == 2)
        {
            Part<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, TLoad>(p, k, all, x0, x1, x2, x3, x4, x5, a0, a1, a2, a3, ref g0, ref g2, ref g4, ref g1, ref g3, ref g5);
            Part<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, TLoad>(p + Unsafe.SizeOf<TVector>() / sizeof(float), k, all, x0, x1, x2, x3, x4, x5, a0, a1, a2, a3,
                ref g1, ref g3, ref g5, ref g0, ref g2, ref g4);
        }
        else
        {
            Part<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, TLoad>(p, k, all, x0, x1, x2, x3, x4, x5, a0, a1, a2, a3, ref g0, ref g1, ref g2, ref g3, ref g4, ref g5);
            Part<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, TLoad>(p + Unsafe.SizeOf<TVector>() / sizeof(float), k, all, x0, x1, x2, x3, x4, x5, a0, a1, a2, a3, ref g1, ref g0, ref g2, ref g3, ref g4, ref g5);
            Part<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, TLoad>(p + 2 * Unsafe.SizeOf<TVector>() / sizeof(float), k, all, x0, x1, x2, x3, x4, x5, a0, a1, a2, a3, ref g2, ref g0, ref g1, ref g3, ref g4, ref g5);
            Part<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, TLoad>(p + 3 * Unsafe.SizeOf<TVector>() / sizeof(float), k, all, x0, x1, x2, x3, x4, x5, a0, a1, a2, a3, ref g3, ref g0, ref g1, ref g2, ref g4, ref g5);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Part<TSimd, TVector, TRowsOfX, TParts, TRowsOfA, TLoad>(
        nint p, int k, TVector all,
        float* x0, float* x1, float* x2, float* x3, float* x4, float* x5, float* a0, float* a1, float* a2, float* a3,
        ref Four<TVector> g0, ref Four<TVector> g1, ref Four<TVector> g2, ref Four<TVector> g3, ref Four<TVector> g4, ref Four<TVector> g5)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRowsOfX : unmanaged, ICount
        where TParts : unmanaged, ICount
        where TRowsOfA : unmanaged, ICount
        where TLoad : struct, IDotLoad
    {
        TVector mask = TLoad.Mask<TSimd, TVector>(p, k, all);
        TVector v0 = TLoad.X<TSimd, TVector>(x0 + p, mask);
        if (sizeof(TRowsOfX) == 1)
        {
            Row<TSimd, TVector, TLoad>(v0, a0 + p, a1 + p, a2 + p, a3 + p, mask, ref g0);
            return;
        }
        TVector v1 = TLoad.X<TSimd, TVector>(x1 + p, mask);
        TVector v2 = sizeof(TRowsOfX) > 2 ? TLoad.X<TSimd, TVector>(x2 + p, mask) : TSimd.Zero;
        TVector v3 = sizeof(TRowsOfX) > 3 ? TLoad.X<TSimd, TVector>(x3 + p, mask) : TSimd.Zero;
        TVector v4 = sizeof(TRowsOfX) > 4 ? TLoad.X<TSimd, TVector>(x4 + p, mask) : TSimd.Zero;
        TVector v5 = sizeof(TRowsOfX) > 5 ? TLoad.X<TSimd, TVector>(x5 + p, mask) : TSimd.Zero;
        TVector row = TLoad.A<TSimd, TVector>(a0 + p, mask);
        g0.V0 = TSimd.FusedMultiplyAdd(row, v0, g0.V0);
        g1.V0 = TSimd.FusedMultiplyAdd(row, v1, g1.V0);
        if (sizeof(TRowsOfX) > 2) g2.V0 = TSimd.FusedMultiplyAdd(row, v2, g2.V0);
        if (sizeof(TRowsOfX) > 3) g3.V0 = TSimd.FusedMultiplyAdd(row, v3, g3.V0);
        if (sizeof(TRowsOfX) > 4) g4.V0 = TSimd.FusedMultiplyAdd(row, v4, g4.V0);
        if (sizeof(TRowsOfX) > 5) g5.V0 = TSimd.FusedMultiplyAdd(row, v5, g5.V0);
        row = TLoad.A<TSimd, TVector>(a1 + p, mask);
        g0.V1 = TSimd.FusedMultiplyAdd(row, v0, g0.V1);
        g1.V1 = TSimd.FusedMultiplyAdd(row, v1, g1.V1);
        if (sizeof(TRowsOfX) > 2) g2.V1 = TSimd.FusedMultiplyAdd(row, v2, g2.V1);
        if (sizeof(TRowsOfX) > 3) g3.V1 = TSimd.FusedMultiplyAdd(row, v3, g3.V1);
        if (sizeof(TRowsOfX) > 4) g4.V1 = TSimd.FusedMultiplyAdd(row, v4, g4.V1);
        if (sizeof(TRowsOfX) > 5) g5.V1 = TSimd.FusedMultiplyAdd(row, v5, g5.V1);
        row = TLoad.A<TSimd, TVector>(a2 + p, mask);
        g0.V2 = TSimd.FusedMultiplyAdd(row, v0, g0.V2);
        g1.V2 = TSimd.FusedMultiplyAdd(row, v1, g1.V2);
        if (sizeof(TRowsOfX) > 2) g2.V2 = TSimd.FusedMultiplyAdd(row, v2, g2.V2);
        if (sizeof(TRowsOfX) > 3) g3.V2 = TSimd.FusedMultiplyAdd(row, v3, g3.V2);
        if (sizeof(TRowsOfX) > 4) g4.V2 = TSimd.FusedMultiplyAdd(row, v4, g4.V2);
        if (sizeof(TRowsOfX) > 5) g5.V2 = TSimd.FusedMultiplyAdd(row, v5, g5.V2);
        row = TLoad.A<TSimd, TVector>(a3 + p, mask);
        g0.V3 = TSimd.FusedMultiplyAdd(row, v0, g0.V3);
        g1.V3 = TSimd.FusedMultiplyAdd(row, v1, g1.V3);
        if (sizeof(TRowsOfX) > 2) g2.V3 = TSimd.FusedMultiplyAdd(row, v2, g2.V3);
        if (sizeof(TRowsOfX) > 3) g3.V3 = TSimd.FusedMultiplyAdd(row, v3, g3.V3);
        if (sizeof(TRowsOfX) > 4) g4.V3 = TSimd.FusedMultiplyAdd(row, v4, g4.V3);
        if (sizeof(TRowsOfX) > 5) g5.V3 = TSimd.FusedMultiplyAdd(row, v5, g5.V3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<TSimd, TVector, TLoad>(TVector v, float* a0, float* a1, float* a2, float* a3, TVector mask, ref Four<TVector> sums)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TLoad : struct, IDotLoad
    {
        sums.V0 = TSimd.FusedMultiplyAdd(TLoad.A<TSimd, TVector>(a0, mask), v, sums.V0);
        sums.V1 = TSimd.FusedMultiplyAdd(TLoad.A<TSimd, TVector>(a1, mask), v, sums.V1);
        sums.V2 = TSimd.FusedMultiplyAdd(TLoad.A<TSimd, TVector>(a2, mask), v, sums.V2);
        sums.V3 = TSimd.FusedMultiplyAdd(TLoad.A<TSimd, TVector>(a3, mask), v, sums.V3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four<TVector> Zero<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => new() { V0 = TSimd.Zero, V1 = TSimd.Zero, V2 = TSimd.Zero, V3 = TSimd.Zero };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Four<TVector> Add<TSimd, TVector>(in Four<TVector> a, in Four<TVector> b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        new() { V0 = TSimd.Add(a.V0, b.V0), V1 = TSimd.Add(a.V1, b.V1), V2 = TSimd.Add(a.V2, b.V2), V3 = TSimd.Add(a.V3, b.V3) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Sum<TSimd, TVector>(in Four<TVector> a, in Four<TVector> b)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.SumLanes(TSimd.Add(a.V0, b.V0), TSimd.Add(a.V1, b.V1), TSimd.Add(a.V2, b.V2), TSimd.Add(a.V3, b.V3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLanes<TSimd, TVector>(in Four<TVector> sums, float* lanes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TSimd.Store(lanes, sums.V0);
        TSimd.Store(lanes + LaneSum.Lanes, sums.V1);
        TSimd.Store(lanes + 2 * LaneSum.Lanes, sums.V2);
        TSimd.Store(lanes + 3 * LaneSum.Lanes, sums.V3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<float> sums, int count, float alpha, float beta, float* y, nint stepY)
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

    private struct Four<TVector>
    {
        public TVector V0, V1, V2, V3;
    }
}

/// <summary>How a dot tile loads a vector.</summary>
internal unsafe interface IDotLoad
{
    /// <summary>The mask for the vector at element p of rows of k elements.</summary>
    static abstract TVector Mask<TSimd, TVector>(nint p, int k, TVector all)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;

    /// <summary>A vector of A.</summary>
    static abstract TVector A<TSimd, TVector>(float* source, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;

    /// <summary>A vector of X.</summary>
    static abstract TVector X<TSimd, TVector>(float* source, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>All lanes.</summary>
internal readonly unsafe struct WholeVector<TMatrixLoad> : IDotLoad
    where TMatrixLoad : struct, IMatrixLoad
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Mask<TSimd, TVector>(nint p, int k, TVector all)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => all;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector A<TSimd, TVector>(float* source, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TMatrixLoad.Load<TSimd, TVector>(source, mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector X<TSimd, TVector>(float* source, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Load(source);
}

/// <summary>The lanes that lie in the row.</summary>
internal readonly unsafe struct PartOfVector : IDotLoad
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Mask<TSimd, TVector>(nint p, int k, TVector all)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Select(TSimd.FirstLanes(-(int)p), TSimd.Zero, TSimd.FirstLanes(k - (int)p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector A<TSimd, TVector>(float* source, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.LoadMasked(source, mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector X<TSimd, TVector>(float* source, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => LaneSum.LoadNeutral<TSimd, TVector>(source, mask);
}
