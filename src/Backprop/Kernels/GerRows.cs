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
            TVector tail = TSimd.FusedMultiplyAdd(factor, lastOfY, TSimd.Load(a + last));
            int j = TSimd.Width - ((int)((nuint)a / sizeof(float)) & (TSimd.Width - 1));
            for (; j < last - 3 * TSimd.Width; j += 4 * TSimd.Width)
            {
                Add<TSimd, TVector>(factor, y + j, a + j);
                Add<TSimd, TVector>(factor, y + j + TSimd.Width, a + j + TSimd.Width);
                Add<TSimd, TVector>(factor, y + j + 2 * TSimd.Width, a + j + 2 * TSimd.Width);
                Add<TSimd, TVector>(factor, y + j + 3 * TSimd.Width, a + j + 3 * TSimd.Width);
            }
            for (; j < last; j += TSimd.Width) Add<TSimd, TVector>(factor, y + j, a + j);
            TSimd.Store(a, head);
            TSimd.Store(a + last, tail);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TSimd, TVector>(TVector factor, float* y, float* a)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Store(a, TSimd.FusedMultiplyAdd(factor, TSimd.Load(y), TSimd.Load(a)));

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
