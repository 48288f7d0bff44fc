using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>A few rows of A at once, so that y is loaded once for all of them, and so that the last, masked piece of a row is stored long
/// before the next row begins: a load that overlaps a masked store which is under way waits for it.</summary>
internal static unsafe class GerRows
{
    /// <summary>The most rows at once.</summary>
    public const int Max = 4;

    /// <summary>a_rj ← fma(alpha · x_r, y_j, a_rj) for groups · TRows rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TSimd, TVector, TRows>(int groups, int n, float alpha, float* x, float* y, float* a, nint lda)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ICount
    {
        int whole = n - n % TSimd.Width;
        TVector mask = TSimd.FirstLanes(n - whole);
        nint lda2 = 2 * lda;
        for (; groups > 0; groups--, x += TRows.Value, a += TRows.Value * lda)
        {
            TVector x0 = TSimd.Broadcast(alpha * x[0]);
            TVector x1 = TRows.Value > 1 ? TSimd.Broadcast(alpha * x[1]) : TSimd.Zero;
            TVector x2 = TRows.Value > 2 ? TSimd.Broadcast(alpha * x[2]) : TSimd.Zero;
            TVector x3 = TRows.Value > 3 ? TSimd.Broadcast(alpha * x[3]) : TSimd.Zero;
            float* a0 = a, a3 = a + 3 * lda;
            for (int j = 0; j < whole; j += TSimd.Width)
            {
                TVector v = TSimd.Load(y + j);
                TSimd.Store(a0, TSimd.FusedMultiplyAdd(x0, v, TSimd.Load(a0)));
                if (TRows.Value > 1) TSimd.Store(a0 + lda, TSimd.FusedMultiplyAdd(x1, v, TSimd.Load(a0 + lda)));
                if (TRows.Value > 2) TSimd.Store(a0 + lda2, TSimd.FusedMultiplyAdd(x2, v, TSimd.Load(a0 + lda2)));
                if (TRows.Value > 3) TSimd.Store(a3, TSimd.FusedMultiplyAdd(x3, v, TSimd.Load(a3)));
                a0 += TSimd.Width;
                if (TRows.Value > 3) a3 += TSimd.Width;
            }
            if (whole < n)
            {
                TVector v = TSimd.LoadMasked(y + whole, mask);
                TSimd.StoreMasked(a0, mask, TSimd.FusedMultiplyAdd(x0, v, TSimd.LoadMasked(a0, mask)));
                if (TRows.Value > 1) TSimd.StoreMasked(a0 + lda, mask, TSimd.FusedMultiplyAdd(x1, v, TSimd.LoadMasked(a0 + lda, mask)));
                if (TRows.Value > 2) TSimd.StoreMasked(a0 + lda2, mask, TSimd.FusedMultiplyAdd(x2, v, TSimd.LoadMasked(a0 + lda2, mask)));
                if (TRows.Value > 3) TSimd.StoreMasked(a3, mask, TSimd.FusedMultiplyAdd(x3, v, TSimd.LoadMasked(a3, mask)));
            }
        }
    }
}
