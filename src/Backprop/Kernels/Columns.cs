using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>Aᵀ x: sums over the rows of A, lanes running over its columns.</summary>
internal static unsafe class Columns
{
    /// <summary>y_j ← beta y_j + Σ_i (alpha x_i) a_ij, one chain of fused multiply-adds in ascending i that begins with beta y_j (with 0,
    /// and y unread, where beta is 0): A m × n.</summary>
    public static void Run<TSimd, TVector>(
        int m, int n, float alpha, float* x, nint incx, float* a, nint lda, float beta, float* y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (VectorPlan.Current.TakesStrips((long)m * n)) Strips<TSimd, TVector>(m, n, alpha, x, incx, a, lda, beta, y);
        else Rows<TSimd, TVector>(m, n, alpha, x, incx, a, lda, beta, y);
    }

    /// <summary>y ← beta y, or 0 where beta is 0.</summary>
    public static void Scale<TSimd, TVector>(int n, float beta, float* y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (beta == 0f) new Span<float>(y, n).Clear();
        else if (beta != 1f) ScaledCopy.Run<TSimd, TVector>(y, n, 1, n, beta, y, n);
    }

    /// <summary>How many columns lie before the first vector that begins where vectors belong, in every row; 0 where that differs from row
    /// to row, and where loads that cross cache lines are not worth avoiding.</summary>
    private static int Unaligned<TSimd, TVector>(float* a, nint lda)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        bool matters = TSimd.Level == SimdLevel.V512 && lda % TSimd.Width == 0 && (nuint)a % sizeof(float) == 0;
        return matters ? -(int)((nuint)a / sizeof(float)) & (TSimd.Width - 1) : 0;
    }

    private static void Strips<TSimd, TVector>(
        int m, int n, float alpha, float* x, nint incx, float* a, nint lda, float beta, float* y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        bool inL1 = VectorPlan.Current.IsInL1((long)m * n);
        TVector all = TSimd.FirstLanes(TSimd.Width), first = all;
        int unaligned = Unaligned<TSimd, TVector>(a, lda);
        if (unaligned > 0)
        {
            // the first vector begins before the columns do, its lanes there masked out
            int before = TSimd.Width - unaligned;
            first = TSimd.Select(TSimd.FirstLanes(before), TSimd.Zero, all);
            n += before;
            a -= before;
            y -= before;
        }
        int vectors = (n + TSimd.Width - 1) / TSimd.Width;
        for (int strips = (vectors + ColumnStrip.MaxVectors - 1) / ColumnStrip.MaxVectors; strips > 0; strips--)
        {
            int count = (vectors + strips - 1) / strips;
            int columns = Math.Min(count * TSimd.Width, n);
            TVector last = TSimd.FirstLanes(columns - (count - 1) * TSimd.Width);
            if (count == 1) last = TSimd.And(first, last);
            if (inL1) Strip<TSimd, TVector, InL1>(count, m, alpha, x, incx, a, lda, beta, y, first, all, last);
            else Strip<TSimd, TVector, BeyondL1>(count, m, alpha, x, incx, a, lda, beta, y, first, all, last);
            first = all;
            vectors -= count;
            n -= columns;
            a += columns;
            y += columns;
        }
    }

    /// <summary>One strip of <paramref name="count"/> vectors. Inlined, or its three masks would be copied twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Strip<TSimd, TVector, TLoad>(
        int count, int m, float alpha, float* x, nint incx, float* a, nint lda, float beta, float* y, TVector first, TVector all, TVector last)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TLoad : struct, IMatrixLoad
    {
        switch (count)
        {
            case 1: ColumnStrip.Run<TSimd, TVector, N1, TLoad>(m, alpha, x, incx, a, lda, beta, y, first, all, last); break;
            case 2: ColumnStrip.Run<TSimd, TVector, N2, TLoad>(m, alpha, x, incx, a, lda, beta, y, first, all, last); break;
            case 3: ColumnStrip.Run<TSimd, TVector, N3, TLoad>(m, alpha, x, incx, a, lda, beta, y, first, all, last); break;
            case 4: ColumnStrip.Run<TSimd, TVector, N4, TLoad>(m, alpha, x, incx, a, lda, beta, y, first, all, last); break;
            case 5: ColumnStrip.Run<TSimd, TVector, N5, TLoad>(m, alpha, x, incx, a, lda, beta, y, first, all, last); break;
            case 6: ColumnStrip.Run<TSimd, TVector, N6, TLoad>(m, alpha, x, incx, a, lda, beta, y, first, all, last); break;
            case 7: ColumnStrip.Run<TSimd, TVector, N7, TLoad>(m, alpha, x, incx, a, lda, beta, y, first, all, last); break;
            default: ColumnStrip.Run<TSimd, TVector, N8, TLoad>(m, alpha, x, incx, a, lda, beta, y, first, all, last); break;
        }
    }

    private static void Rows<TSimd, TVector>(
        int m, int n, float alpha, float* x, nint incx, float* a, nint lda, float beta, float* y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        Scale<TSimd, TVector>(n, beta, y);
        int unaligned = Math.Min(n, Unaligned<TSimd, TVector>(a, lda));
        if (unaligned > 0)
        {
            AccumulateRows<TSimd, TVector>(m, unaligned, alpha, x, incx, a, lda, y);
            n -= unaligned;
            a += unaligned;
            y += unaligned;
        }
        AccumulateRows<TSimd, TVector>(m, n, alpha, x, incx, a, lda, y);
    }

    private static void AccumulateRows<TSimd, TVector>(int m, int n, float alpha, float* x, nint incx, float* a, nint lda, float* y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (; m >= GemvRows.Max; m -= GemvRows.Max, a += GemvRows.Max * lda, x += GemvRows.Max * incx)
            GemvRows.Accumulate<TSimd, TVector, N8>(n, alpha, a, lda, x, incx, y);
        for (; m > 0; m--, a += lda, x += incx) GemvRows.Accumulate<TSimd, TVector, N1>(n, alpha, a, lda, x, incx, y);
    }
}
