using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Backprop.Simd;
using unsafe TileFunction =
    delegate*<int, float*, nint, nint, float*, nint, float, float*, nint, int, float*, void>;

namespace Backprop.Kernels;

/// <summary>The register tiles of a block of C, panel of columns by panel, in the ways in which B, and C where it is read, can be near
/// when they are needed.</summary>
internal static unsafe class GemmTiles
{
    /// <summary>The rows of a panel over which the lines of a tile of C can be spread: 12 rows of 2.</summary>
    private const int LeastDepthToSpread = 24 * FetchTileOfC.Distance;

    /// <summary>Rows of a panel may begin anywhere in a cache line, and then lie in one line more. Asking at the end of each line's worth of
    /// elements meets all lines but the first, which is the last one of the panel before.</summary>
    private const int LastOfLine = Prefetch.CacheLine - 1;

    /// <summary>Up to this depth tiles of fewer rows are faster: their beginning and their end, where C comes and goes, weigh more than
    /// a step.</summary>
    private const int ShortDepth = 64;

    /// <summary>The most rows of a tile of short depth (decision 0004).</summary>
    private const int MostRowsOfShort = 10;

    /// <summary>All tiles of a block; <paramref name="b"/>'s step leads from one panel of columns to the next. A tile that is too short to
    /// spread them over its rows asks for those of the next one at once, but only where C is far away: else the requests hold up what the
    /// tile itself loads.</summary>
    public static void Run<TSimd, TVector>(int m, int n, int k, GemmOperand a, GemmOperand b, float beta, float* c, nint ldc, bool isFarC)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (m == 0) return;
        if (beta != 0f && k >= LeastDepthToSpread) Run<TSimd, TVector, FetchTileOfC>(m, n, k, a, b, beta, c, ldc, isFarC);
        else Run<TSimd, TVector, OnlyRead>(m, n, k, a, b, beta, c, ldc, isFarC);
    }

    private static void Run<TSimd, TVector, TPanel>(int m, int n, int k, GemmOperand a, GemmOperand b, float beta, float* c, nint ldc, bool isFarC)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPanel : struct, IPanelUse
    {
        int width = TSimd.Width;
        int most = GemmTile.MaxRows<TSimd, TVector>();
        int maxRows = GemmBlocks.Balanced(m, k <= ShortDepth ? Math.Min(most, MostRowsOfShort) : most, 1);
        bool fetchesRows = !TPanel.FetchesC && beta != 0f && isFarC;
        float* panel = b.Origin;
        for (int j = 0; j < n; j += 2 * width, panel += b.Step)
        {
            int columns = Math.Min(2 * width, n - j), last = Last<TSimd, TVector>(columns);
            TileFunction tile = Of<TSimd, TVector, TPanel>(maxRows, columns);
            float* ai = a.Origin, ci = c + j;
            int i = m;
            for (; i >= maxRows; i -= maxRows)
            {
                float* next = ci + maxRows * ldc;
                if (fetchesRows) FetchRows(next, ldc, Math.Min(maxRows, i - maxRows), columns);
                tile(k, ai, a.Row, a.Step, panel, b.Row, beta, ci, ldc, last, next);
                ai += maxRows * a.Row;
                ci = next;
            }
            if (i > 0) Of<TSimd, TVector, TPanel>(i, columns)(k, ai, a.Row, a.Step, panel, b.Row, beta, ci, ldc, last, c + j + 2 * width);
        }
    }

    /// <summary>The same for a B in place, of which the first tile of a panel leaves a copy for the others: k rows of a tile's
    /// columns.</summary>
    public static void RunCopying<TSimd, TVector>(
        int m, int n, int k, GemmOperand a, GemmOperand b, float beta, float* c, nint ldc, bool isFarC, float* copy)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int width = TSimd.Width;
        int first = Math.Min(m, GemmTile.MaxRows<TSimd, TVector>());
        var rest = new GemmOperand(a.Origin + first * a.Row, a.Row, a.Step);
        var copied = new GemmOperand(copy, 2 * width, 0);
        for (int j = 0; j < n; j += 2 * width)
        {
            int columns = Math.Min(2 * width, n - j);
            if (beta != 0f && isFarC) FetchRows(c + first * ldc + j, ldc, Math.Min(first, m - first), columns);
            One<TSimd, TVector, KeepCopy>(
                first, columns, k, a.Origin, a.Row, a.Step, b.Origin + j, b.Row, beta, c + j, ldc, copy);
            Run<TSimd, TVector>(m - first, columns, k, rest, copied, beta, c + first * ldc + j, ldc, isFarC);
        }
    }

    /// <summary>The same for a B in place that is far away: the first tiles of a panel ask for the next one, a cache line of each row a
    /// tile, or all lines where there is one tile only.</summary>
    public static void RunFetching<TSimd, TVector>(
        int m, int n, int k, GemmOperand a, GemmOperand b, float beta, float* c, nint ldc, bool isFarC)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int width = TSimd.Width, tileRows = GemmTile.MaxRows<TSimd, TVector>();
        for (int j = 0; j < n; j += 2 * width)
        {
            int columns = Math.Min(2 * width, n - j);
            float* panel = b.Origin + j, next = panel + 2 * width + LastOfLine;
            int i = 0;
            for (int line = 0; line < 2 * width && i < m; line += Prefetch.CacheLine)
            {
                int rows = Math.Min(tileRows, m - i);
                float* ai = a.Origin + i * a.Row, ci = c + i * ldc + j;
                if (beta != 0f && isFarC) FetchRows(ci + rows * ldc, ldc, Math.Min(tileRows, m - i - rows), columns);
                if (m <= tileRows && 2 * width > Prefetch.CacheLine)
                    One<TSimd, TVector, FetchTwoLines>(rows, columns, k, ai, a.Row, a.Step, panel, b.Row, beta, ci, ldc, next);
                else
                    One<TSimd, TVector, FetchLine>(rows, columns, k, ai, a.Row, a.Step, panel, b.Row, beta, ci, ldc, next + line);
                i += rows;
            }
            var rest = new GemmOperand(a.Origin + i * a.Row, a.Row, a.Step);
            Run<TSimd, TVector>(m - i, columns, k, rest, new GemmOperand(panel, b.Row, 0), beta, c + i * ldc + j, ldc, isFarC);
        }
    }

    /// <summary>The same, where the tiles ask for what is needed later, in the order it lies in: from <paramref name="ahead"/>, which moves, to
    /// <paramref name="end"/>.</summary>
    public static void RunFetchingInOrder<TSimd, TVector>(
        int m, int n, int k, GemmOperand a, GemmOperand b, float beta, float* c, nint ldc, bool isFarC, ref float* ahead, float* end)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int width = TSimd.Width, tileRows = GemmTile.MaxRows<TSimd, TVector>();
        float* panel = b.Origin;
        for (int j = 0; j < n; j += 2 * width, panel += b.Step)
        {
            int columns = Math.Min(2 * width, n - j), i = 0;
            for (; i < m && ahead < end; i += tileRows, ahead += k * FetchInOrder.Step)
            {
                int rows = Math.Min(tileRows, m - i);
                if (beta != 0f && isFarC) FetchRows(c + (i + rows) * ldc + j, ldc, Math.Min(tileRows, m - i - rows), columns);
                One<TSimd, TVector, FetchInOrder>(
                    rows, columns, k, a.Origin + i * a.Row, a.Row, a.Step, panel, b.Row, beta, c + i * ldc + j, ldc, ahead);
            }
            if (i >= m) continue;
            var rest = new GemmOperand(a.Origin + i * a.Row, a.Row, a.Step);
            Run<TSimd, TVector>(m - i, columns, k, rest, new GemmOperand(panel, b.Row, 0), beta, c + i * ldc + j, ldc, isFarC);
        }
    }

    /// <summary>One tile of up to 2 vectors of columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void One<TSimd, TVector, TPanel>(
        int rows, int columns, int k, float* a, nint aRow, nint aStep, float* b, nint bStep, float beta, float* c, nint cRow, float* other)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPanel : struct, IPanelUse =>
        Of<TSimd, TVector, TPanel>(rows, columns)(k, a, aRow, aStep, b, bStep, beta, c, cRow, Last<TSimd, TVector>(columns), other);

    /// <summary>The columns of the last vector of up to two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Last<TSimd, TVector>(int columns)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => columns > TSimd.Width ? columns - TSimd.Width : columns;

    /// <summary>The tile of that many rows and columns.</summary>
    private static TileFunction Of<TSimd, TVector, TPanel>(int rows, int columns)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TPanel : struct, IPanelUse
    {
        int width = TSimd.Width;
        if (columns == 2 * width) return OfRows<TSimd, TVector, TwoVectors, TPanel>(rows);
        if (TSimd.Level == SimdLevel.V512)
        {
            // processors that work on 512 bits in two halves need not work on an empty one; the rows of a copy are two vectors of this width
            if (columns <= width / 2 && !TPanel.Copies) return Of<Simd256, Vector256<float>, TPanel>(rows, columns);
            if (columns > width && columns <= width + width / 2) return OfRows<TSimd, TVector, TwoVectorsHalf, TPanel>(rows);
        }
        if (columns > width) return OfRows<TSimd, TVector, TwoVectorsMasked, TPanel>(rows);
        if (columns == width) return OfRows<TSimd, TVector, OneVector, TPanel>(rows);
        return OfRows<TSimd, TVector, OneVectorMasked, TPanel>(rows);
    }

    /// <summary>Asks for a tile of C while the tile before it is computed: its chains begin with what is there.</summary>
    private static void FetchRows(float* c, nint ldc, int rows, int columns)
    {
        for (int i = 0; i < rows; i++, c += ldc)
        {
            for (int j = 0; j < columns; j += Prefetch.CacheLine) Prefetch.Near(c + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TileFunction OfRows<TSimd, TVector, TColumns, TPanel>(int rows)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : struct, ITileColumns
        where TPanel : struct, IPanelUse => rows switch
        {
            1 => &GemmTile.Run<TSimd, TVector, N1, TColumns, TPanel>,
            2 => &GemmTile.Run<TSimd, TVector, N2, TColumns, TPanel>,
            3 => &GemmTile.Run<TSimd, TVector, N3, TColumns, TPanel>,
            4 => &GemmTile.Run<TSimd, TVector, N4, TColumns, TPanel>,
            5 => &GemmTile.Run<TSimd, TVector, N5, TColumns, TPanel>,
            6 => &GemmTile.Run<TSimd, TVector, N6, TColumns, TPanel>,
            7 => &GemmTile.Run<TSimd, TVector, N7, TColumns, TPanel>,
            8 => &GemmTile.Run<TSimd, TVector, N8, TColumns, TPanel>,
            9 => &GemmTile.Run<TSimd, TVector, N9, TColumns, TPanel>,
            10 => &GemmTile.Run<TSimd, TVector, N10, TColumns, TPanel>,
            11 => &GemmTile.Run<TSimd, TVector, N11, TColumns, TPanel>,
            _ => &GemmTile.Run<TSimd, TVector, N12, TColumns, TPanel>,
        };
}
