using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>Aᵀ x: sums over the rows of A, lanes running over its columns.</summary>
internal static unsafe class Columns
{
    /// <summary>The elements of A up to which strips of columns are faster than whole rows: 2 MB (decision 0006).</summary>
    private const long MostElementsInStrips = 1 << 19;

    /// <summary>y_j ← beta y_j + Σ_i (alpha x_i) a_ij, one chain of fused multiply-adds in ascending i that begins with beta y_j (with 0,
    /// and y unread, where beta is 0): A m × n.</summary>
    public static void Run<TSimd, TVector>(
        int m, int n, float alpha, float* x, nint incx, float* a, nint lda, float beta, float* y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if ((long)m * n <= MostElementsInStrips) Strips<TSimd, TVector>(m, n, alpha, x, incx, a, lda, beta, y);
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

    private static void Strips<TSimd, TVector>(
        int m, int n, float alpha, float* x, nint incx, float* a, nint lda, float beta, float* y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector all = TSimd.FirstLanes(TSimd.Width);
        int vectors = (n + TSimd.Width - 1) / TSimd.Width;
        for (int strips = (vectors + ColumnStrip.MaxVectors - 1) / ColumnStrip.MaxVectors; strips > 0; strips--)
        {
            int count = (vectors + strips - 1) / strips;
            int columns = Math.Min(count * TSimd.Width, n);
            TVector mask = TSimd.FirstLanes(columns - (count - 1) * TSimd.Width);
            switch (count)
            {
                case 1: ColumnStrip.Run<TSimd, TVector, N1>(m, alpha, x, incx, a, lda, beta, y, all, mask); break;
                case 2: ColumnStrip.Run<TSimd, TVector, N2>(m, alpha, x, incx, a, lda, beta, y, all, mask); break;
                case 3: ColumnStrip.Run<TSimd, TVector, N3>(m, alpha, x, incx, a, lda, beta, y, all, mask); break;
                case 4: ColumnStrip.Run<TSimd, TVector, N4>(m, alpha, x, incx, a, lda, beta, y, all, mask); break;
                case 5: ColumnStrip.Run<TSimd, TVector, N5>(m, alpha, x, incx, a, lda, beta, y, all, mask); break;
                case 6: ColumnStrip.Run<TSimd, TVector, N6>(m, alpha, x, incx, a, lda, beta, y, all, mask); break;
                case 7: ColumnStrip.Run<TSimd, TVector, N7>(m, alpha, x, incx, a, lda, beta, y, all, mask); break;
                default: ColumnStrip.Run<TSimd, TVector, N8>(m, alpha, x, incx, a, lda, beta, y, all, mask); break;
            }
            vectors -= count;
            n -= columns;
            a += columns;
            y += columns;
        }
    }

    private static void Rows<TSimd, TVector>(
        int m, int n, float alpha, float* x, nint incx, float* a, nint lda, float beta, float* y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        Scale<TSimd, TVector>(n, beta, y);
        for (; m >= GemvRows.Max; m -= GemvRows.Max, a += GemvRows.Max * lda, x += GemvRows.Max * incx)
            GemvRows.Accumulate<TSimd, TVector, N8>(n, alpha, a, lda, x, incx, y);
        for (; m > 0; m--, a += lda, x += incx) GemvRows.Accumulate<TSimd, TVector, N1>(n, alpha, a, lda, x, incx, y);
    }
}
