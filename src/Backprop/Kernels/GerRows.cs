using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>The rows of A + alpha x yᵀ.</summary>
internal static unsafe class GerRows
{
    /// <summary>a_rj ← fma(alpha · x_r, y_j, a_rj), m × n.</summary>
    public static void Run<TSimd, TVector>(int m, int n, float alpha, float* x, float* y, float* a, nint lda)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (n >= TSimd.Width)
        {
            Whole<TSimd, TVector>(m, n, alpha, x, y, a, lda);
            return;
        }
        int done = m - m % 4;
        Short<TSimd, TVector, N4>(done, n, alpha, x, y, a, lda);
        Short<TSimd, TVector, N1>(m - done, n, alpha, x + done, y, a + done * lda, lda);
    }

    /// <summary>Rows of a vector or more.</summary>
    /// <remarks>
    /// Stores that cross cache lines cost twice, so that what lies between is stored where a vector belongs, and the first and the last
    /// vector, wherever they lie, are made from the row as it was and stored at the end: lanes that two vectors share get the same value
    /// twice. No store is masked: a load of the next row that overlaps a masked store under way would wait for it.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Whole<TSimd, TVector>(int m, int n, float alpha, float* x, float* y, float* a, nint lda)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int last = n - TSimd.Width;
        TVector firstOfY = TSimd.Load(y), lastOfY = TSimd.Load(y + last);
        for (; m > 0; m--, x++, a += lda)
        {
            TVector factor = TSimd.Broadcast(alpha * *x);
            TVector head = TSimd.FusedMultiplyAdd(factor, firstOfY, TSimd.Load(a));
            int aligned = TSimd.Width - ((int)((nuint)a / sizeof(float)) & (TSimd.Width - 1));
            float* to = a + aligned, from = y + aligned, end = a + last;
            for (; to <= end - 4 * TSimd.Width; to += 4 * TSimd.Width, from += 4 * TSimd.Width)
            {
                // addresses written out stay operands of the loads and stores: fewer instructions let more of A be on its way
                TSimd.Store(to, TSimd.FusedMultiplyAdd(TSimd.Load(from), factor, TSimd.Load(to)));
                TSimd.Store(
                    to + TSimd.Width,
                    TSimd.FusedMultiplyAdd(TSimd.Load(from + TSimd.Width), factor, TSimd.Load(to + TSimd.Width)));
                TSimd.Store(
                    to + 2 * TSimd.Width,
                    TSimd.FusedMultiplyAdd(TSimd.Load(from + 2 * TSimd.Width), factor, TSimd.Load(to + 2 * TSimd.Width)));
                TSimd.Store(
                    to + 3 * TSimd.Width,
                    TSimd.FusedMultiplyAdd(TSimd.Load(from + 3 * TSimd.Width), factor, TSimd.Load(to + 3 * TSimd.Width)));
            }
            // the end of a long row is far away, and asked for too early it would hold up what comes before it
            TVector tail = TSimd.FusedMultiplyAdd(lastOfY, factor, TSimd.Load(end));
            for (; to < end; to += TSimd.Width, from += TSimd.Width)
                TSimd.Store(to, TSimd.FusedMultiplyAdd(TSimd.Load(from), factor, TSimd.Load(to)));
            TSimd.Store(a, head);
            TSimd.Store(end, tail);
        }
    }

    /// <summary>Rows of less than a vector, TRows at once, all loaded before the first is stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Short<TSimd, TVector, TRows>(int m, int n, float alpha, float* x, float* y, float* a, nint lda)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TRows : struct, ICount
    {
        TVector mask = TSimd.FirstLanes(n);
        TVector v = TSimd.LoadMasked(y, mask);
        for (; m > 0; m -= TRows.Value, x += TRows.Value, a += TRows.Value * lda)
        {
            TVector r0 = Sum<TSimd, TVector>(alpha * x[0], v, a, mask);
            TVector r1 = TRows.Value > 1 ? Sum<TSimd, TVector>(alpha * x[1], v, a + lda, mask) : r0;
            TVector r2 = TRows.Value > 1 ? Sum<TSimd, TVector>(alpha * x[2], v, a + 2 * lda, mask) : r0;
            TVector r3 = TRows.Value > 1 ? Sum<TSimd, TVector>(alpha * x[3], v, a + 3 * lda, mask) : r0;
            TSimd.StoreMasked(a, mask, r0);
            if (TRows.Value == 1) continue;
            TSimd.StoreMasked(a + lda, mask, r1);
            TSimd.StoreMasked(a + 2 * lda, mask, r2);
            TSimd.StoreMasked(a + 3 * lda, mask, r3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum<TSimd, TVector>(float factor, TVector v, float* a, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.FusedMultiplyAdd(TSimd.Broadcast(factor), v, TSimd.LoadMasked(a, mask));
}
