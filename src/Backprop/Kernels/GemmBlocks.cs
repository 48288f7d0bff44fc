using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>One operand of a product as the tiles see it: element [i, p] or [p, j] at i · Row + p · Step from its origin.</summary>
internal readonly unsafe struct GemmOperand(float* origin, nint row, nint step)
{
    /// <summary>The first element.</summary>
    public float* Origin { get; } = origin;

    /// <summary>From one row to the next of the operand as it enters the product.</summary>
    public nint Row { get; } = row;

    /// <summary>From one column to the next.</summary>
    public nint Step { get; } = step;
}

/// <summary>The loops around the tile: blocks of k, of columns and of rows, packed where that pays.</summary>
/// <remarks>
/// Blocks change nothing in an element's chain: between two blocks of k it waits in C, which is exact. So block sizes are free to
/// depend on the width and on measurements.
/// </remarks>
internal static unsafe class GemmBlocks
{
    /// <summary>The longest block of k: the fewer blocks, the fewer times C comes from far away and goes back, and 1024 rows of a panel
    /// of two 512-bit vectors are 128 KB, which L2 feeds in time.</summary>
    private const int MaxDepth = 1024;

    /// <summary>The longest block of k where B is read in place and its rows collide in the caches, and of a narrow product.</summary>
    private const int MaxShortDepth = 512;

    /// <summary>The most rows of a packed block of A: 60 · 1024 floats are 240 KB, a quarter of an L2 cache of 1 MB. A multiple of 12 and
    /// of 6.</summary>
    private const int MaxRows = 60;

    /// <summary>The most elements of a packed block of A where B is read in place, again for each block: 1 MB.</summary>
    private const int MaxElementsOfA = 1 << 18;

    /// <summary>The most columns of a packed block of B: 1024 · 1024 floats are 4 MB, a part of L3.</summary>
    private const int MaxColumns = 1024;

    /// <summary>The most columns of a block of Bᵀ that is turned round for a product that is not large: 256 KB, which are still in L2
    /// when they are multiplied.</summary>
    private const int MaxColumnsNear = 64;

    /// <summary>Rows of packed blocks start this much further apart than their length, so that a power of two does not make them collide in
    /// L1.</summary>
    private const int RowPadding = 16;

    /// <summary>C ← beta C + alpha A B on m × n elements, and what follows it; an operand is given by its strides, so a transposition only
    /// changes those.</summary>
    public static void Run<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        Product<TSimd, TVector>(g);
        g.Epilogue.Run<TSimd, TVector>(g.C, g.Ldc, g.M, g.N);
    }

    private static void Product<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (g.IsDots)
            Dots.Run<TSimd, TVector>(g.M, g.N, g.K, g.Alpha, g.A.Origin, g.A.Row, g.B.Origin, g.B.Step, g.Beta, g.C, g.Ldc);
        else if (g.M == 1 && g.B.Step == 1)
            Columns.Run<TSimd, TVector>(g.K, g.N, g.Alpha, g.A.Origin, g.A.Step, g.B.Origin, g.B.Row, g.Beta, g.C);
        else if (IsNarrow<TSimd, TVector>(g))
            NarrowProduct.Run<TSimd, TVector>(g);
        else if (g.PackA || g.PackB || g.K > Depth(g))
            Blocks<TSimd, TVector>(g);
        else if (g.M <= GemmTile.MaxRows<TSimd, TVector>() && g.N <= 2 * TSimd.Width)
            Tile<TSimd, TVector>(g.M, g.N, g.K, g.A.Origin, g.A.Row, g.A.Step, g.B.Origin, g.B.Row, g.Beta, g.C, g.Ldc);
        else
            Tiles<TSimd, TVector>(g.M, g.N, g.K, g.A, new GemmOperand(g.B.Origin, g.B.Row, 2 * TSimd.Width), g.Beta, g.C, g.Ldc);
    }

    /// <summary>Whether C has too few columns to fill a vector, and enough rows: then lanes run over these. An A that has to be turned round for
    /// it pays up to half a vector of columns, three quarters where Bᵀ need not be turned round instead.</summary>
    private static bool IsNarrow<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        g.N < TSimd.Width && g.M >= 2 * TSimd.Width && g.K is > 16 and <= MaxShortDepth
        && (g.A.Row == 1 || (g.A.Step == 1 && g.N <= (g.B.Step == 1 ? 2 : 3) * TSimd.Width / 4));

    private static int Depth(in GemmArguments g) => !g.PackB && g.HasCollidingRowsOfB ? MaxShortDepth : MaxDepth;

    private static void Blocks<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int tileColumns = 2 * TSimd.Width;
        bool packA = g.PackA, packB = g.PackB;
        int depth = Balanced(g.K, Depth(g), 1);
        // A is packed again for each block of columns
        int columns = packB ? Balanced(g.N, packA ? MaxColumns : MaxColumnsNear, tileColumns) : g.N;
        int rows = packA ? Math.Min(g.M, packB ? MaxRows : Math.Max(MaxRows, MaxElementsOfA / (depth + RowPadding))) : g.M;
        float* bufferB = null, bufferA = null;
        if (packA || packB)
        {
            int lengthB = packB ? depth * RoundUp(columns, tileColumns) : 0;
            bufferB = ScratchBuffer.Get(lengthB + (packA ? PackedLengthOfA(g, rows, depth) : 0));
            bufferA = bufferB + lengthB;
        }
        for (int j = 0; j < g.N; j += columns)
        {
            int nj = Math.Min(columns, g.N - j);
            int p = 0;
            do
            {
                int kp = Math.Min(depth, g.K - p);
                float beta = p == 0 ? g.Beta : 1f;
                if (packB) PackB<TSimd, TVector>(g, j, nj, p, kp, bufferB, tileColumns);
                for (int i = 0; i < g.M; i += rows)
                {
                    int mi = Math.Min(rows, g.M - i);
                    GemmOperand a = packA
                        ? PackA<TSimd, TVector>(g, i, mi, p, kp, bufferA)
                        : new GemmOperand(g.A.Origin + i * g.A.Row + p * g.A.Step, g.A.Row, g.A.Step);
                    GemmOperand b = packB
                        ? new GemmOperand(bufferB, tileColumns, (nint)kp * tileColumns)
                        : new GemmOperand(g.B.Origin + p * g.B.Row + j, g.B.Row, tileColumns);
                    Tiles<TSimd, TVector>(mi, nj, kp, a, b, beta, g.C + i * g.Ldc + j, g.Ldc);
                }
                p += kp;
            }
            while (p < g.K);
        }
    }

    /// <summary>All tiles of a block; <paramref name="b"/>'s step leads from one panel of columns to the next.</summary>
    public static void Tiles<TSimd, TVector>(int m, int n, int k, GemmOperand a, GemmOperand b, float beta, float* c, nint ldc)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int width = TSimd.Width;
        int maxRows = Balanced(m, GemmTile.MaxRows<TSimd, TVector>(), 1);
        float* panel = b.Origin;
        for (int j = 0; j < n; j += 2 * width, panel += b.Step)
        {
            int columns = Math.Min(2 * width, n - j);
            for (int i = 0; i < m; i += maxRows)
            {
                int rows = Math.Min(maxRows, m - i);
                if (beta != 0f) PrefetchRows(c + (i + rows) * ldc + j, ldc, Math.Min(maxRows, m - i - rows), columns);
                Tile<TSimd, TVector>(rows, columns, k, a.Origin + i * a.Row, a.Row, a.Step, panel, b.Row, beta, c + i * ldc + j, ldc);
            }
        }
    }

    /// <summary>One tile of up to 2 vectors of columns.</summary>
    private static void Tile<TSimd, TVector>(
        int rows, int columns, int k, float* a, nint aRow, nint aStep, float* b, nint bStep, float beta, float* c, nint cRow)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int width = TSimd.Width;
        if (columns == 2 * width)
            Tile<TSimd, TVector, TwoVectors>(rows, width, k, a, aRow, aStep, b, bStep, beta, c, cRow);
        else if (columns > width)
            Tile<TSimd, TVector, TwoVectorsMasked>(rows, columns - width, k, a, aRow, aStep, b, bStep, beta, c, cRow);
        else if (columns == width)
            Tile<TSimd, TVector, OneVector>(rows, width, k, a, aRow, aStep, b, bStep, beta, c, cRow);
        else
            Tile<TSimd, TVector, OneVectorMasked>(rows, columns, k, a, aRow, aStep, b, bStep, beta, c, cRow);
    }

    /// <summary>Asks for a tile of C while the tile before it is computed: its chains begin with what is there.</summary>
    private static void PrefetchRows(float* c, nint ldc, int rows, int columns)
    {
        if (!Sse.IsSupported) return;
        for (int i = 0; i < rows; i++, c += ldc)
        {
            for (int j = 0; j < columns; j += CacheLine) Sse.Prefetch0(c + j);
        }
    }

    private const int CacheLine = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TSimd, TVector, TColumns>(
        int rows, int last, int k, float* a, nint aRow, nint aStep, float* b, nint bStep, float beta, float* c, nint cRow)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileColumns
    {
        switch (rows)
        {
            case 1: GemmTile.Run<TSimd, TVector, N1, TColumns>(k, a, aRow, aStep, b, bStep, beta, c, cRow, last); break;
            case 2: GemmTile.Run<TSimd, TVector, N2, TColumns>(k, a, aRow, aStep, b, bStep, beta, c, cRow, last); break;
            case 3: GemmTile.Run<TSimd, TVector, N3, TColumns>(k, a, aRow, aStep, b, bStep, beta, c, cRow, last); break;
            case 4: GemmTile.Run<TSimd, TVector, N4, TColumns>(k, a, aRow, aStep, b, bStep, beta, c, cRow, last); break;
            case 5: GemmTile.Run<TSimd, TVector, N5, TColumns>(k, a, aRow, aStep, b, bStep, beta, c, cRow, last); break;
            case 6: GemmTile.Run<TSimd, TVector, N6, TColumns>(k, a, aRow, aStep, b, bStep, beta, c, cRow, last); break;
            case 7: GemmTile.Run<TSimd, TVector, N7, TColumns>(k, a, aRow, aStep, b, bStep, beta, c, cRow, last); break;
            case 8: GemmTile.Run<TSimd, TVector, N8, TColumns>(k, a, aRow, aStep, b, bStep, beta, c, cRow, last); break;
            case 9: GemmTile.Run<TSimd, TVector, N9, TColumns>(k, a, aRow, aStep, b, bStep, beta, c, cRow, last); break;
            case 10: GemmTile.Run<TSimd, TVector, N10, TColumns>(k, a, aRow, aStep, b, bStep, beta, c, cRow, last); break;
            case 11: GemmTile.Run<TSimd, TVector, N11, TColumns>(k, a, aRow, aStep, b, bStep, beta, c, cRow, last); break;
            default: GemmTile.Run<TSimd, TVector, N12, TColumns>(k, a, aRow, aStep, b, bStep, beta, c, cRow, last); break;
        }
    }

    /// <summary>The distance of packed columns of A, each m long: no power of two from 128 on divides it.</summary>
    private static int PackedStride(int m) => (m + RowPadding) % 128 == 0 ? m + 2 * RowPadding : m + RowPadding;

    private static int PackedLengthOfA(in GemmArguments g, int rows, int depth) =>
        g.A.Step == 1 ? rows * (depth + RowPadding) : depth * PackedStride(rows);

    /// <summary>Copies alpha A[i … i + m, p … p + k] in the order it is stored in: rows stay rows, columns stay columns.</summary>
    private static GemmOperand PackA<TSimd, TVector>(in GemmArguments g, int i, int m, int p, int k, float* buffer)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* source = g.A.Origin + i * g.A.Row + p * g.A.Step;
        if (g.A.Step == 1)
        {
            ScaledCopy.Run<TSimd, TVector>(source, g.A.Row, m, k, g.Alpha, buffer, k + RowPadding);
            return new GemmOperand(buffer, k + RowPadding, 1);
        }
        int stride = PackedStride(m);
        ScaledCopy.Run<TSimd, TVector>(source, g.A.Step, k, m, g.Alpha, buffer, stride);
        return new GemmOperand(buffer, 1, stride);
    }

    /// <summary>Copies B[p … p + k, j … j + n] into panels of a tile's columns, one after the other, each k rows.</summary>
    private static void PackB<TSimd, TVector>(in GemmArguments g, int j, int n, int p, int k, float* buffer, int tileColumns)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (int column = 0; column < n; column += tileColumns, buffer += (nint)k * tileColumns)
        {
            int count = Math.Min(tileColumns, n - column);
            float* source = g.B.Origin + p * g.B.Row + (j + column) * g.B.Step;
            if (g.B.Step == 1) GemmPacking.CopyPanel<TSimd, TVector>(source, g.B.Row, k, count, buffer);
            else GemmPacking.TransposePanel<TSimd, TVector>(source, g.B.Step, k, count, buffer, tileColumns);
        }
    }

    /// <summary>The smallest block size, a multiple of <paramref name="unit"/>, that needs no more blocks than <paramref name="most"/>
    /// does.</summary>
    private static int Balanced(int total, int most, int unit)
    {
        if (total <= most) return total;
        int blocks = (total - 1) / most + 1;
        return RoundUp((total - 1) / blocks + 1, unit);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;
}
