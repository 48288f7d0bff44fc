using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>Operands copied into the order in which the tiles read them.</summary>
internal static unsafe class GemmPacking
{
    /// <summary>Copied rows of A start this much further apart than their length, so that no power of two makes them collide in L1.</summary>
    private const int RowPadding = 16;

    /// <summary>The most by which copied rows of A start further apart than their length.</summary>
    public const int MaxRowPadding = 2 * RowPadding;

    /// <summary>The elements of a copied block of A of up to so many rows and so much depth. A smaller block may need more than its size
    /// tells: rows with more padding, or, of short depth, columns with padding.</summary>
    public static int LengthOfA<TSimd, TVector>(bool isColumnMajor, int rows, int depth)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => isColumnMajor
            ? Math.Max(LengthOfPanels<TSimd, TVector>(rows, depth), Math.Min(depth, GemmTiles.ShortDepth) * (rows + MaxRowPadding))
            : rows * (depth + MaxRowPadding);

    /// <summary>alpha A of m × k elements: rows stay rows, columns are cut into a panel for each tile, k rows of as many elements as the tile
    /// has rows; few columns stay columns.</summary>
    public static TileOperand PackA<TSimd, TVector>(in GemmOperand a, bool isColumnMajor, int m, int k, float alpha, float* buffer)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (!isColumnMajor)
        {
            int stride = StrideOfRows(k);
            ScaledCopy.Run<TSimd, TVector>(a.Origin, a.Row, m, k, alpha, buffer, stride);
            return new TileOperand(buffer, stride, isColumnMajor: false, panel: 0);
        }
        if (k <= GemmTiles.ShortDepth)
        {
            // too few columns to be worth cutting: a panel has as many short rows
            int stride = StrideOfRows(m);
            ScaledCopy.Run<TSimd, TVector>(a.Origin, a.Step, k, m, alpha, buffer, stride);
            return new TileOperand(buffer, stride, isColumnMajor: true, panel: 0);
        }
        int rows = GemmTiles.Rows<TSimd, TVector>(m, k), panel = LengthOfPanel<TSimd, TVector>(rows, k);
        CutColumns<TSimd, TVector>(a.Origin, a.Step, m, k, alpha, buffer, rows, panel);
        return new TileOperand(buffer, rows, isColumnMajor: true, panel);
    }

    /// <summary>k rows of a panel of B one after the other, each <paramref name="width"/> elements.</summary>
    public static void PackPanel<TSimd, TVector>(in GemmOperand b, bool isTransposed, int k, int columns, float* panel, int width)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (!isTransposed) ScaledCopy.Run<TSimd, TVector>(b.Origin, b.Row, k, columns, 1f, panel, width);
        else TransposePanel<TSimd, TVector>(b.Origin, b.Step, k, columns, panel, width);
    }

    private static int StrideOfRows(int depth) => depth % 128 == 128 - RowPadding ? depth + MaxRowPadding : depth + RowPadding;

    private static int LengthOfPanels<TSimd, TVector>(int rows, int depth)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int tileRows = GemmTiles.Rows<TSimd, TVector>(rows, depth);
        return (rows + tileRows - 1) / tileRows * LengthOfPanel<TSimd, TVector>(tileRows, depth);
    }

    /// <summary>The last row of a panel is stored as whole vectors.</summary>
    private static int LengthOfPanel<TSimd, TVector>(int rows, int depth)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => depth * rows + TSimd.Width;

    /// <summary>panels[t · panel + p · rows + i] = alpha source[p · stride + t · rows + i]: column after column, which comes in order. What
    /// a whole vector stores behind the rows of a tile, the next column overwrites.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CutColumns<TSimd, TVector>(float* source, nint stride, int m, int k, float alpha, float* panels, int rows, nint panel)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector factor = TSimd.Broadcast(alpha);
        int stored = (rows + TSimd.Width - 1) / TSimd.Width * TSimd.Width;
        for (int p = 0; p < k; p++, source += stride, panels += rows)
        {
            float* to = panels;
            int i = 0;
            for (; i + stored <= m; i += rows, to += panel)
            {
                for (int r = 0; r < rows; r += TSimd.Width) TSimd.Store(to + r, TSimd.Multiply(factor, TSimd.Load(source + i + r)));
            }
            for (; i < m; i += rows, to += panel)
            {
                for (int r = 0, left = Math.Min(rows, m - i); left > 0; r += TSimd.Width, left -= TSimd.Width)
                {
                    TVector exist = TSimd.FirstLanes(Math.Min(left, TSimd.Width));
                    TSimd.Store(to + r, TSimd.Multiply(factor, TSimd.LoadMasked(source + i + r, exist)));
                }
            }
        }
    }

    /// <summary>destination[p · width + j] = source[j · sourceStride + p] for columns ≤ width rows of k elements: one panel of B from
    /// Bᵀ. As many rows at a time as a vector has lanes, then four, then the last ones together.</summary>
    public static void TransposePanel<TSimd, TVector>(float* source, nint sourceStride, int k, int columns, float* destination, int width)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int j = 0;
        if (TSimd.Level == SimdLevel.V512) j = Strips<Simd512, Vector512<float>>(source, sourceStride, k, columns, destination, width);
        if (TSimd.Level == SimdLevel.V256) j = Strips<Simd256, Vector256<float>>(source, sourceStride, k, columns, destination, width);
        if (TSimd.Level != SimdLevel.Scalar)
            j += Strips<Simd128, Vector128<float>>(source + j * sourceStride, sourceStride, k, columns - j, destination + j, width);
        int done = TSimd.Level != SimdLevel.Scalar && columns - j > 1 && Avx512F.VL.IsSupported
            ? Rest(source + j * sourceStride, sourceStride, k, columns - j, destination + j, width)
            : 0;
        for (; j < columns; j++)
        {
            for (int p = done; p < k; p++) destination[(nint)p * width + j] = source[j * sourceStride + p];
        }
    }

    /// <summary>The same for as many whole strips of Width rows as there are; returns how many rows they were.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Strips<TSimd, TVector>(float* source, nint sourceStride, int k, int columns, float* destination, int width)
        where TSimd : struct, ISimd<TVector>, IQuads<TVector>
        where TVector : struct
    {
        if (columns < TSimd.Width || k == 0) return 0;
        if (k < 4) ShortStrips<TSimd, TVector>(source, sourceStride, k, columns, destination, width);
        else LongStrips<TSimd, TVector>(source, sourceStride, k, columns, destination, width);
        return columns / TSimd.Width * TSimd.Width;
    }

    /// <summary>Four elements of the rows at a time; where fewer are left, the last four once more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void LongStrips<TSimd, TVector>(float* source, nint sourceStride, int k, int columns, float* destination, int width)
        where TSimd : struct, ISimd<TVector>, IQuads<TVector>
        where TVector : struct
    {
        for (; columns >= TSimd.Width; columns -= TSimd.Width, source += TSimd.Width * sourceStride, destination += TSimd.Width)
        {
            for (int p = 0; p < k; p += 4)
            {
                nint at = Math.Min(p, k - 4);
                float* to = destination + at * width;
                (TVector row0, TVector row1, TVector row2, TVector row3) = Transpose4<TSimd, TVector>(source + at, sourceStride);
                TSimd.Store(to, row0);
                TSimd.Store(to + width, row1);
                TSimd.Store(to + 2 * (nint)width, row2);
                TSimd.Store(to + 3 * (nint)width, row3);
            }
        }
    }

    /// <summary>The same for one to three elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ShortStrips<TSimd, TVector>(float* source, nint sourceStride, int k, int columns, float* destination, int width)
        where TSimd : struct, ISimd<TVector>, IQuads<TVector>
        where TVector : struct
    {
        for (; columns >= TSimd.Width; columns -= TSimd.Width, source += TSimd.Width * sourceStride, destination += TSimd.Width)
        {
            (TVector row0, TVector row1, TVector row2, _) = Transpose4<TSimd, TVector>(source, sourceStride, k);
            TSimd.Store(destination, row0);
            if (k > 1) TSimd.Store(destination + width, row1);
            if (k > 2) TSimd.Store(destination + 2 * (nint)width, row2);
        }
    }

    /// <summary>The same for two or three rows and as many whole fours of their elements as there are; returns how many elements they
    /// were. It pays where a masked store is one operation, as it is with AVX-512.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Rest(float* source, nint sourceStride, int k, int columns, float* destination, int width)
    {
        Vector128<float> exist = Simd128.FirstLanes(columns);
        int p = 0;
        for (; p <= k - 4; p += 4, destination += 4 * (nint)width)
        {
            Vector128<float> row0 = Simd128.Load(source + p), row1 = Simd128.Load(source + sourceStride + p);
            Vector128<float> row2 = columns > 2 ? Simd128.Load(source + 2 * sourceStride + p) : Simd128.Zero;
            Vector128<float> low02 = Simd128.InterleaveLow(row0, row2), high02 = Simd128.InterleaveHigh(row0, row2);
            Vector128<float> low1 = Simd128.InterleaveLow(row1, row1), high1 = Simd128.InterleaveHigh(row1, row1);
            Simd128.StoreMasked(destination, exist, Simd128.InterleaveLow(low02, low1));
            Simd128.StoreMasked(destination + width, exist, Simd128.InterleaveHigh(low02, low1));
            Simd128.StoreMasked(destination + 2 * (nint)width, exist, Simd128.InterleaveLow(high02, high1));
            Simd128.StoreMasked(destination + 3 * (nint)width, exist, Simd128.InterleaveHigh(high02, high1));
        }
        return p;
    }

    /// <summary>Four elements of each of Width rows as four rows of Width elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector Row0, TVector Row1, TVector Row2, TVector Row3) Transpose4<TSimd, TVector>(float* source, nint sourceStride)
        where TSimd : struct, ISimd<TVector>, IQuads<TVector>
        where TVector : struct => Transpose4<TSimd, TVector>(
            TSimd.LoadQuads(source, 4 * sourceStride),
            TSimd.LoadQuads(source + sourceStride, 4 * sourceStride),
            TSimd.LoadQuads(source + 2 * sourceStride, 4 * sourceStride),
            TSimd.LoadQuads(source + 3 * sourceStride, 4 * sourceStride));

    /// <summary>The same; of fewer than four elements that are left no more are read, and 0 stands for the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Row0, TVector Row1, TVector Row2, TVector Row3) Transpose4<TSimd, TVector>(float* source, nint sourceStride, int left)
        where TSimd : struct, ISimd<TVector>, IQuads<TVector>
        where TVector : struct
    {
        if (left >= 4) return Transpose4<TSimd, TVector>(source, sourceStride);
        Vector128<float> exist = Simd128.FirstLanes(left);
        return Transpose4<TSimd, TVector>(
            TSimd.LoadQuads(source, 4 * sourceStride, exist),
            TSimd.LoadQuads(source + sourceStride, 4 * sourceStride, exist),
            TSimd.LoadQuads(source + 2 * sourceStride, 4 * sourceStride, exist),
            TSimd.LoadQuads(source + 3 * sourceStride, 4 * sourceStride, exist));
    }

    /// <summary>Rows of quads transposed: quad q of row r holds four elements of row 4 q + r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector Row0, TVector Row1, TVector Row2, TVector Row3) Transpose4<TSimd, TVector>(
        TVector row0, TVector row1, TVector row2, TVector row3)
        where TSimd : struct, ISimd<TVector>, IQuads<TVector>
        where TVector : struct
    {
        TVector low02 = TSimd.InterleaveLow(row0, row2), high02 = TSimd.InterleaveHigh(row0, row2);
        TVector low13 = TSimd.InterleaveLow(row1, row3), high13 = TSimd.InterleaveHigh(row1, row3);
        return (TSimd.InterleaveLow(low02, low13), TSimd.InterleaveHigh(low02, low13),
            TSimd.InterleaveLow(high02, high13), TSimd.InterleaveHigh(high02, high13));
    }
}
