using System.Runtime.CompilerServices;
using Backprop.Simd;
using unsafe TileFunction = delegate*<Backprop.Kernels.TileArguments*, float*, float*, float*, void>;

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
        int unaligned = Unaligned<TSimd, TVector>(a, lda), before = unaligned > 0 ? TSimd.Width - unaligned : 0;
        var t = new TileArguments { K = m, Rows = 1, IsColumnMajor = true, Alpha = alpha, Beta = beta, Lda = incx, Ldb = lda, Before = before };
        // the first vector begins before the columns do, its lanes there masked out
        n += before;
        a -= before;
        y -= before;
        int vectors = (n + TSimd.Width - 1) / TSimd.Width;
        for (int strips = (vectors + ColumnStrip.MaxVectors - 1) / ColumnStrip.MaxVectors; strips > 0; strips--)
        {
            int count = (vectors + strips - 1) / strips;
            t.Columns = Math.Min(count * TSimd.Width, n);
            t.Last = t.Columns - (count - 1) * TSimd.Width;
            if (inL1) Strip<TSimd, TVector, InL1>(count, &t, x, a, y);
            else Strip<TSimd, TVector, BeyondL1>(count, &t, x, a, y);
            t.Before = 0;
            vectors -= count;
            n -= t.Columns;
            a += t.Columns;
            y += t.Columns;
        }
    }

    /// <summary>One strip of <paramref name="count"/> vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Strip<TSimd, TVector, TLoad>(int count, TileArguments* t, float* x, float* a, float* y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TLoad : struct, IMatrixLoad
    {
        TileFunction body = ColumnStripBodies<TSimd, TVector, TLoad>.Get(*t, count);
        if (Bodies.AreCompiledAhead || body != null)
        {
            body(t, x, a, y);
            return;
        }
        TileArguments whole = *t;
        whole.Columns -= t->Before;
        TileOfAnySize.Run<TSimd, TVector>(&whole, x, a + t->Before, y + t->Before);
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
