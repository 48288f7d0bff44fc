using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Backprop.Simd;
using unsafe TileFunction = delegate*<Backprop.Kernels.TileArguments*, float*, float*, float*, void>;

namespace Backprop.Kernels;

/// <summary>The register tiles of one panel of columns of C.</summary>
internal static unsafe class GemmTiles
{
    /// <summary>Up to this depth tiles of fewer rows are faster: their beginning and their end, where C comes and goes, weigh more than
    /// a step.</summary>
    public const int ShortDepth = 64;

    /// <summary>The most rows of a tile of short depth (decision 0004).</summary>
    private const int MaxRowsOfShort = 10;

    /// <summary>Passes of a tile: more than its C and a panel of B have lines at 128 bits and above; the last two are for the turns that are left
    /// and for the end.</summary>
    public const int MaxPasses = 80;

    /// <summary>Lines of a tile of C whose rows begin anywhere in a cache line.</summary>
    private const int Misaligned = Prefetch.CacheLine - 2;

    /// <summary>C ← beta C + A B for a block, panel by panel of 2 vectors of columns.</summary>
    /// <param name="m">The rows.</param>
    /// <param name="n">The columns.</param>
    /// <param name="k">The depth.</param>
    /// <param name="a">A.</param>
    /// <param name="b">B, its rows contiguous within a panel.</param>
    /// <param name="toNextPanel">From one panel of B to the next.</param>
    /// <param name="beta">The factor of C.</param>
    /// <param name="c">C.</param>
    /// <param name="ldc">From one row of C to the next.</param>
    /// <param name="next">What the tiles prefetch for later, in order.</param>
    /// <param name="prefetchesC">Whether each tile prefetches C of the next one.</param>
    /// <param name="passes">Room for the passes of a tile, <see cref="MaxPasses"/>; two where nothing is prefetched.</param>
    public static void Run<TSimd, TVector>(
        int m, int n, int k, in TileOperand a, in GemmOperand b, nint toNextPanel, float beta, float* c, nint ldc,
        ref PanelPrefetch next, bool prefetchesC, PrefetchPass* passes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int width = TSimd.Width, rows = Rows<TSimd, TVector>(m, k), whole = n / (2 * width), columns = n - whole * 2 * width;
        if (whole > 0) Panels<TSimd, TVector>(m, rows, whole, 2 * width, k, a, b, toNextPanel, beta, c, ldc, ref next, prefetchesC, passes);
        if (columns == 0) return;
        GemmOperand last = b.Moved(whole * toNextPanel);
        c += whole * 2 * width;
        // processors that work on 512 bits in two halves need not work on an empty one
        if (TSimd.Level == SimdLevel.V512 && columns <= width / 2)
            Panels<Simd256, Vector256<float>>(m, rows, 1, columns, k, a, last, 0, beta, c, ldc, ref next, prefetchesC, passes);
        else
            Panels<TSimd, TVector>(m, rows, 1, columns, k, a, last, 0, beta, c, ldc, ref next, prefetchesC, passes);
    }

    /// <summary>A product that is one tile, nothing prefetched.</summary>
    [SkipLocalsInit]
    public static void One<TSimd, TVector>(
        int rows, int columns, int k, float* a, nint lda, bool isColumnMajor, float* b, nint ldb, float beta, float* c, nint ldc,
        PrefetchPass* passes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (TSimd.Level == SimdLevel.V512 && columns <= TSimd.Width / 2)
        {
            One<Simd256, Vector256<float>>(rows, columns, k, a, lda, isColumnMajor, b, ldb, beta, c, ldc, passes);
            return;
        }
        End(passes, b, k / GemmTile.StepsPerTurn<TSimd>());
        TileArguments t;
        Set<TSimd>(&t, rows, columns, k, lda, isColumnMajor, ldb, beta, ldc, passes);
        Of<TSimd, TVector>(t, rows, 1)(&t, a, b, c);
    }

    /// <summary>The rows of the tiles of m rows, of all but the last at least.</summary>
    public static int Rows<TSimd, TVector>(int m, int k)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int most = GemmTile.MaxRows(TSimd.Level);
        return GemmBlocks.Balanced(m, k <= ShortDepth ? Math.Min(most, MaxRowsOfShort) : most, 1);
    }

    /// <summary>Panels of equal columns: the tiles for all their rows and for the rest are chosen once.</summary>
    [SkipLocalsInit]
    private static void Panels<TSimd, TVector>(
        int m, int rows, int count, int columns, int k, in TileOperand a, in GemmOperand b, nint toNextPanel, float beta, float* c, nint ldc,
        ref PanelPrefetch next, bool prefetchesC, PrefetchPass* passes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TileArguments t;
        Set<TSimd>(&t, rows, columns, k, a.Stride, a.IsColumnMajor, b.Row, beta, ldc, passes);
        int turns = k / GemmTile.StepsPerTurn<TSimd>(), rest = rows == m ? 0 : m % rows;
        TileFunction tile = Of<TSimd, TVector>(t, rows, (long)count * (m / rows));
        TileFunction tileOfRest = rest == 0 ? tile : Of<TSimd, TVector>(t, rest, count);
        passes[0] = new PrefetchPass { Address = b.Origin, Turns = turns };
        passes[1].Turns = 0;
        bool prefetches = prefetchesC || next.IsLeft;
        float* panel = b.Origin;
        for (; count > 0; count--, panel += toNextPanel, c += columns)
        {
            float* ai = a.Origin, ci = c;
            for (int left = m; left > 0; left -= rows, ai += a.ToNextTile(rows), ci += rows * ldc)
            {
                if (prefetches) Fill(passes, panel, turns, rows, columns, ci + rows * ldc, ldc, ref next, prefetchesC);
                t.Rows = Math.Min(left, rows);
                (left < rows ? tileOfRest : tile)(&t, ai, panel, ci);
            }
        }
    }

    /// <summary>What a tile prefetches: C of the next one, then of what is left as much as there are turns for.</summary>
    private static void Fill(
        PrefetchPass* passes, float* near, int turns, int rows, int columns, float* c, nint ldc, ref PanelPrefetch next, bool prefetchesC)
    {
        PrefetchPass* pass = prefetchesC ? Lines(passes, c, ldc, rows, columns, ref turns) : passes;
        End(next.Take(pass, passes + MaxPasses - 2, ref turns), near, turns);
    }

    /// <summary>The passes over the lines of a tile of C.</summary>
    private static PrefetchPass* Lines(PrefetchPass* pass, float* c, nint ldc, int rows, int columns, ref int turns)
    {
        for (int j = 0; j < columns + Misaligned && turns > 0; j += Prefetch.CacheLine, pass++)
        {
            *pass = new PrefetchPass { Address = c + j, Stride = ldc, Turns = Math.Min(turns, rows) };
            turns -= pass->Turns;
        }
        return pass;
    }

    /// <summary>The turns that are left over prefetch what is there already.</summary>
    private static void End(PrefetchPass* pass, float* near, int turns)
    {
        if (turns > 0) *pass++ = new PrefetchPass { Address = near, Turns = turns };
        pass->Turns = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Set<TSimd>(
        TileArguments* t, int rows, int columns, int k, nint lda, bool isColumnMajor, nint ldb, float beta, nint ldc, PrefetchPass* passes)
        where TSimd : struct, IVectorInfo
    {
        t->K = k;
        t->Rows = rows;
        t->Columns = columns;
        t->Last = columns > TSimd.Width ? columns - TSimd.Width : columns;
        t->IsColumnMajor = isColumnMajor;
        t->Alpha = 1f;
        t->Beta = beta;
        t->Lda = lda;
        t->Ldb = ldb;
        t->Ldc = ldc;
        t->Passes = passes;
    }

    /// <summary>What runs so many tiles of that many rows.</summary>
    private static TileFunction Of<TSimd, TVector>(in TileArguments t, int rows, long tiles)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => t.IsColumnMajor
            ? OfColumns<TSimd, TVector, ColumnMajor>(t, rows, tiles)
            : OfColumns<TSimd, TVector, RowMajor>(t, rows, tiles);

    private static TileFunction OfColumns<TSimd, TVector, TLayout>(in TileArguments t, int rows, long tiles)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TLayout : unmanaged, ITileLayout
    {
        int width = TSimd.Width, columns = t.Columns;
        if (columns == 2 * width) return OfRows<TSimd, TVector, TwoVectors, TLayout>(t, rows, tiles);
        if (TSimd.Level == SimdLevel.V512)
        {
            if (columns > width && columns <= width + width / 2) return OfRows<TSimd, TVector, TwoVectorsHalf, TLayout>(t, rows, tiles);
        }
        if (columns > width) return OfRows<TSimd, TVector, TwoVectorsMasked, TLayout>(t, rows, tiles);
        return OfRows<TSimd, TVector, OneVectorMasked, TLayout>(t, rows, tiles);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TileFunction OfRows<TSimd, TVector, TColumns, TLayout>(in TileArguments t, int rows, long tiles)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TColumns : unmanaged, ITileColumns
        where TLayout : unmanaged, ITileLayout
    {
        if (Bodies.AreCompiledAhead) return GemmTileBodies<TSimd, TVector, TColumns, TLayout>.Get(t, rows, tiles);
        nint compiled = GemmTileBodies<TSimd, TVector, TColumns, TLayout>.All->Of(rows);
        return compiled != 0 ? (TileFunction)compiled : GemmTileBodies<TSimd, TVector, TColumns, TLayout>.Get(t, rows, tiles);
    }
}
