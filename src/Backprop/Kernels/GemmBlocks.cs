using System.Runtime.CompilerServices;
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
    public const int MaxDepth = 1024;

    /// <summary>The longest block of k where B is read in place and its rows collide in the caches, and of a narrow product.</summary>
    private const int MaxShortDepth = 512;

    /// <summary>The most elements of a block of A that meets one panel of B after the other: 320 KB, which stay in an L2 cache of 1 MB beside
    /// a panel, the next one, and C.</summary>
    private const int ElementsNear = 5 << 14;

    /// <summary>The same where the first tile of a panel copies it, once for each block of A: 640 KB.</summary>
    private const int ElementsBesideCopies = 2 * ElementsNear;

    /// <summary>Blocks of rows are whole tiles of the widest level.</summary>
    private const int RowUnit = 12;

    /// <summary>The most columns of a packed block of B: 1024 · 1024 floats are 4 MB, a part of L3.</summary>
    private const int MaxColumns = 1024;

    /// <summary>The most columns of a piece of B that is copied or turned round near the tiles: 128 KB, which are still in L2 when they are
    /// multiplied, and leave room there for the next ones.</summary>
    private const int MaxColumnsNear = 32;

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
            Dots.Run<TSimd, TVector>(g);
        else if (g.M == 1 && g.B.Step == 1)
            Columns.Run<TSimd, TVector>(g.K, g.N, g.Alpha, g.A.Origin, g.A.Step, g.B.Origin, g.B.Row, g.Beta, g.C);
        else if (g.N == 1 && g.A.Row == 1 && g.Ldc == 1 && g.Alpha == 1f)
            Columns.Run<TSimd, TVector>(g.K, g.M, g.Alpha, g.B.Origin, g.B.Row, g.A.Origin, g.A.Step, g.Beta, g.C);
        else if (IsNarrow<TSimd, TVector>(g))
            NarrowProduct.Run<TSimd, TVector>(g);
        else if (NeedsBlocks(g))
            Blocks<TSimd, TVector>(g);
        else if (g.M <= GemmTile.MaxRows<TSimd, TVector>() && g.N <= 2 * TSimd.Width)
            GemmTiles.One<TSimd, TVector, OnlyRead>(g.M, g.N, g.K, g.A.Origin, g.A.Row, g.A.Step, g.B.Origin, g.B.Row, g.Beta, g.C, g.Ldc, null);
        else
            GemmTiles.Run<TSimd, TVector>(g.M, g.N, g.K, g.A, new GemmOperand(g.B.Origin, g.B.Row, 2 * TSimd.Width), g.Beta, g.C, g.Ldc, g.HasFarC);
    }

    /// <summary>Whether C has too few columns to fill a vector, and enough rows: then lanes run over these, and C is turned round in the end,
    /// which the steps must be worth: as many of them as columns. An A that has to be turned round for it pays from two vectors of rows on, up to
    /// half a vector of columns, three quarters where Bᵀ need not be turned round instead.</summary>
    private static bool IsNarrow<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (g.N >= TSimd.Width || g.K > MaxShortDepth) return false;
        if (g.A.Row == 1) return g.M >= TSimd.Width && g.K >= g.N;
        return g.M >= 2 * TSimd.Width && g.K > 16 && g.A.Step == 1 && g.N <= (g.B.Step == 1 ? 2 : 3) * TSimd.Width / 4;
    }

    /// <summary>Whether the product is more than tiles of operands in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool NeedsBlocks(in GemmArguments g) =>
        g.PackA || g.PackB || g.CopiesPanels || g.FetchesPanels || (g.K > MaxShortDepth && g.K > Depth(g));

    private static int Depth(in GemmArguments g) =>
        g.HasCollidingRowsOfB && !g.PackB && !g.CopiesPanels ? MaxShortDepth : MaxDepth;

    private static void Blocks<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int tileColumns = 2 * TSimd.Width;
        bool packA = g.PackA, packB = g.PackB, copies = g.CopiesPanels;
        int depth = Balanced(g.K, Depth(g), 1);
        // pieces of B that stay near meet all of A one after the other, every other B comes by anew for each block of rows
        bool packsNear = packB && !g.PacksFarB;
        int elements = copies ? ElementsBesideCopies : ElementsNear;
        int rows = packsNear ? g.M : Balanced(g.M, elements / (depth + RowPadding) / RowUnit * RowUnit, RowUnit);
        int columns = packB ? Balanced(g.N, packsNear ? MaxColumnsNear : MaxColumns, tileColumns) : g.N;
        int strideA = PackedStride(g, rows, depth);
        int lengthB = depth * (packB ? RoundUp(columns, tileColumns) : copies ? tileColumns : 0);
        float* bufferB = ScratchBuffer.Get(lengthB + (packA ? PackedLengthOfA(g, rows, depth) : 0));
        float* bufferA = bufferB + lengthB;
        for (int j = 0; j < g.N; j += columns)
        {
            int nj = Math.Min(columns, g.N - j);
            // rows of Bᵀ that the next block of columns turns round
            float* ahead = g.B.Origin + (j + nj) * g.B.Step, end = ahead + Math.Min(columns, g.N - j - nj) * g.B.Step;
            int p = 0;
            do
            {
                int kp = Math.Min(depth, g.K - p);
                float beta = p == 0 ? g.Beta : 1f;
                if (packB) PackB<TSimd, TVector>(g, j, nj, p, kp, bufferB, tileColumns);
                for (int i = 0; i < g.M; i += rows)
                {
                    int mi = Math.Min(rows, g.M - i);
                    var a = new GemmOperand(g.A.Origin + i * g.A.Row + p * g.A.Step, g.A.Row, g.A.Step);
                    if (packA) a = PackA<TSimd, TVector>(a, mi, kp, g.Alpha, bufferA, strideA, j == 0 || !packsNear);
                    GemmOperand b = packB
                        ? new GemmOperand(bufferB, tileColumns, (nint)kp * tileColumns)
                        : new GemmOperand(g.B.Origin + p * g.B.Row + j, g.B.Row, tileColumns);
                    float* c = g.C + i * g.Ldc + j;
                    if (copies) GemmTiles.RunCopying<TSimd, TVector>(mi, nj, kp, a, b, beta, c, g.Ldc, g.HasFarC, bufferB);
                    else if (g.FetchesRowsOfTransposedB)
                        GemmTiles.RunFetchingInOrder<TSimd, TVector>(mi, nj, kp, a, b, beta, c, g.Ldc, g.HasFarC, ref ahead, end);
                    else if (g.FetchesPanels) GemmTiles.RunFetching<TSimd, TVector>(mi, nj, kp, a, b, beta, c, g.Ldc, g.HasFarC);
                    else GemmTiles.Run<TSimd, TVector>(mi, nj, kp, a, b, beta, c, g.Ldc, g.HasFarC);
                }
                p += kp;
            }
            while (p < g.K);
        }
    }

    /// <summary>The distance of packed rows of A, or of packed columns, each <paramref name="rows"/> long: no power of two from 128 on
    /// divides that.</summary>
    private static int PackedStride(in GemmArguments g, int rows, int depth)
    {
        if (g.A.Step == 1) return depth + RowPadding;
        return (rows + RowPadding) % 128 == 0 ? rows + 2 * RowPadding : rows + RowPadding;
    }

    /// <summary>The elements of a packed block of A.</summary>
    public static int PackedLengthOfA(in GemmArguments g, int rows, int depth) =>
        (g.A.Step == 1 ? rows : depth) * PackedStride(g, rows, depth);

    /// <summary>alpha A of m × k elements in the order it is stored in: rows stay rows, columns stay columns. Copied if it is new, else the
    /// buffer holds it already.</summary>
    private static GemmOperand PackA<TSimd, TVector>(GemmOperand a, int m, int k, float alpha, float* buffer, int stride, bool isNew)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        bool areRows = a.Step == 1;
        if (isNew)
            ScaledCopy.Run<TSimd, TVector>(a.Origin, areRows ? a.Row : a.Step, areRows ? m : k, areRows ? k : m, alpha, buffer, stride);
        return areRows ? new GemmOperand(buffer, stride, 1) : new GemmOperand(buffer, 1, stride);
    }

    /// <summary>Copies B[p … p + k, j … j + n] into panels of a tile's columns, one after the other, each k rows.</summary>
    private static void PackB<TSimd, TVector>(in GemmArguments g, int j, int n, int p, int k, float* buffer, int tileColumns)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (int column = 0; column < n; column += tileColumns, buffer += (nint)k * tileColumns)
        {
            float* source = g.B.Origin + p * g.B.Row + (j + column) * g.B.Step;
            int count = Math.Min(tileColumns, n - column);
            if (g.B.Step == 1) ScaledCopy.Run<TSimd, TVector>(source, g.B.Row, k, count, 1f, buffer, tileColumns);
            else GemmPacking.TransposePanel<TSimd, TVector>(source, g.B.Step, k, count, buffer, tileColumns);
        }
    }

    /// <summary>The smallest block size, a multiple of <paramref name="unit"/>, that needs no more blocks than <paramref name="most"/>
    /// does.</summary>
    public static int Balanced(int total, int most, int unit)
    {
        if (total <= most) return total;
        int blocks = (total - 1) / most + 1;
        return RoundUp((total - 1) / blocks + 1, unit);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;
}
