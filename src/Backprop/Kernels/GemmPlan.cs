using System.Runtime.CompilerServices;
using Backprop.Simd;
using static System.FormattableString;

namespace Backprop.Kernels;

/// <summary>Which code makes a product.</summary>
internal enum GemmRoute
{
    /// <summary>Rows of A against rows of Bᵀ, as sums over lanes: <see cref="Kernels.Dots"/>.</summary>
    Dots,

    /// <summary>A row of A times B, or columns of A times one column of B: <see cref="Kernels.Columns"/>.</summary>
    Vector,

    /// <summary>C has fewer columns than a vector has lanes, which run over its rows instead: <see cref="NarrowProduct"/>.</summary>
    Narrow,

    /// <summary>Register tiles over blocks: <see cref="GemmBlocks"/>.</summary>
    Tiles,
}

/// <summary>Why an operand is copied before the tiles read it.</summary>
internal enum PackReason
{
    /// <summary>It is not.</summary>
    None,

    /// <summary>To multiply it by alpha once.</summary>
    Scaled,

    /// <summary>To transpose it: the tiles read rows of B.</summary>
    Transposed,

    /// <summary>Its rows, or columns, are a multiple of a way of L1 apart, so that all of a panel falls on one set.</summary>
    OneSet,

    /// <summary>A panel of B has more rows than the sets that they fall on hold in L1, and many tiles read it.</summary>
    FewSets,

    /// <summary>Short pieces of the columns of an A that L2 does not hold: a tile of few rows uses a small part of each line it reads.</summary>
    ShortPieces,
}

/// <summary>A register tile: rows of C by columns, two vectors of them.</summary>
internal readonly record struct TileShape(int Rows, int Columns)
{
    /// <summary>The largest tile of a level.</summary>
    public static TileShape Of(SimdLevel level) => new(
        GemmTile.MaxRows(level), level switch { SimdLevel.V512 => 32, SimdLevel.V256 => 16, SimdLevel.V128 => 8, _ => 2 });
}

/// <summary>
/// How a product is made: which route, what is packed and why, the sizes of the blocks, what is prefetched. A value computed from
/// sizes, strides, the tile and the caches, nothing else; no choice in it changes a bit.
/// </summary>
/// <remarks>
/// The loops are those of Goto and van de Geijn (2008), the sizes in the manner of Low et al. (2016): a panel of B, <see cref="Depth"/> rows
/// of a tile's columns, is read by every tile from L1; a block of A, <see cref="Rows"/> × Depth, by every panel from L2; a packed block of B,
/// Depth × <see cref="Columns"/>, by every block of A from L3. What each rule is worth is in decision 0004.
/// </remarks>
internal readonly struct GemmPlan
{
    /// <summary>A packed block of B has this part of L3, of which other cores have theirs, and no more than 4 MB.</summary>
    private const int PartsOfL3 = 8, MaxBytesOfB = 4 << 20;

    /// <summary>A block of A has 5/16 of L2, beside a panel of B, the next one, and C; and no more than 1 MB.</summary>
    private const int SixteenthsOfL2 = 5, MaxBytesOfA = 1 << 20;

    /// <summary>A panel of B in L1 or L2 has no more than this, whatever the caches: <see cref="ScratchBuffer"/> never has more than 5.5 MB.</summary>
    private const int MaxBytesOfPanel = MaxBytesOfA / 4;

    /// <summary>C comes and goes once a block of k, 8 bytes an element for Depth multiply-adds: 32 of them for each lane of a vector keep that
    /// under half a byte a cycle.</summary>
    private const int MinDepthPerLane = 32;

    /// <summary>Fewer tiles than this to a panel leave no time to prefetch the next one in.</summary>
    private const int FewTiles = 4;

    /// <summary>So many tiles read a panel of B before a copy of it pays: where its rows fall on one set of L1, and where they fall on few.</summary>
    private const int MinTilesForOneSet = 4, MinTilesForFewSets = 20;

    /// <summary>So many panels of B read a block of A before a copy of it pays, and so many steps of k.</summary>
    private const int MinPanelsToPackA = 8, MinDepthToPackA = 48;

    /// <summary>A tile of this many rows or more uses half a cache line of a column of A.</summary>
    private const int RowsOfHalfLine = Prefetch.CacheLine / 2;

    /// <summary>C of a narrow product is made of so many columns at once: with 15 rows 1 MB of the thread's buffer.</summary>
    private const int MaxRowsOfNarrow = 1 << 14;

    /// <summary>The route.</summary>
    public required GemmRoute Route { get; init; }

    /// <summary>Steps of k in a block.</summary>
    public int Depth { get; init; }

    /// <summary>Rows of A in a block.</summary>
    public int Rows { get; init; }

    /// <summary>Columns of B in a block.</summary>
    public int Columns { get; init; }

    /// <summary>Why blocks of A are copied, or that they are not.</summary>
    public PackReason PackA { get; init; }

    /// <summary>Why panels of B are copied, or that they are not.</summary>
    public PackReason PackB { get; init; }

    /// <summary>Whether the first tiles of a panel of B prefetch the next one.</summary>
    public bool PrefetchesB { get; init; }

    /// <summary>Whether each tile prefetches the elements of C of the next one.</summary>
    public bool PrefetchesC { get; init; }

    /// <summary>The plan of a product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GemmPlan Create(in GemmShape shape, TileShape tile, CacheSizes caches)
    {
        if (shape.IsDots) return new GemmPlan { Route = GemmRoute.Dots };
        if (IsVector(shape)) return new GemmPlan { Route = GemmRoute.Vector };
        if (IsNarrow(shape, tile.Columns / 2)) return Narrow(shape, caches);
        return shape.K == 0 || FitsL1(shape, caches) ? InPlace(shape) : Blocks(shape, tile, caches);
    }

    /// <summary>The bytes of A, B and C together.</summary>
    public static long Bytes(int m, int n, int k) => ((long)m * k + (long)k * n + (long)m * n) * sizeof(float);

    /// <summary>The plan in a line.</summary>
    public override string ToString()
    {
        if (Route != GemmRoute.Tiles) return Invariant($"route {Route}");
        string prefetched = (PrefetchesB, PrefetchesC) switch
        {
            (true, true) => "the next panel of B and the next tile of C",
            (true, false) => "the next panel of B",
            (false, true) => "the next tile of C",
            _ => "nothing",
        };
        return Invariant($"route {Route}: blocks of {Rows} rows, {Columns} columns, {Depth} steps of k; ")
            + $"packs A: {PackA}, B: {PackB}; prefetches {prefetched}";
    }

    /// <summary>Whether it is a row of A times B, or contiguous columns of A times one column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsVector(in GemmShape shape) =>
        (shape.M == 1 && !shape.IsTransposedB) || (shape.N == 1 && shape.IsColumnMajorA && shape.StrideOfC == 1 && !shape.IsScaled);

    /// <summary>Whether lanes over the columns of C would stay empty, and enough rows are there to fill them: C is transposed in the end, which
    /// the steps must be worth, as many of them as columns. An A that has to be transposed for it pays from two vectors of rows on, up to
    /// half a vector of columns, three quarters where Bᵀ need not be transposed instead.</summary>
    private static bool IsNarrow(in GemmShape shape, int lanes)
    {
        if (shape.N >= lanes || shape.K > MinDepthPerLane * LaneSum.Lanes) return false;
        if (shape.IsColumnMajorA) return shape.M >= lanes && shape.K >= shape.N;
        return shape.M >= 2 * lanes && shape.K > LaneSum.Lanes && shape.N <= (shape.IsTransposedB ? 3 : 2) * lanes / 4;
    }

    /// <summary>A copy of A, transposed or scaled, has half of L2.</summary>
    private static GemmPlan Narrow(in GemmShape shape, CacheSizes caches)
    {
        bool copies = shape.IsScaled || (!shape.IsColumnMajorA && shape.N > TransposingTile.MaxColumns);
        long most = copies ? Math.Min(caches.L2, MaxBytesOfA) / 2 / sizeof(float) / shape.K : MaxRowsOfNarrow;
        int rows = Math.Max((int)most / LaneSum.Lanes * LaneSum.Lanes, LaneSum.Lanes);
        return new GemmPlan { Route = GemmRoute.Narrow, Rows = Math.Min(shape.M, rows) };
    }

    private static bool FitsL1(in GemmShape shape, CacheSizes caches) =>
        !shape.IsScaled && !shape.IsTransposedB && Bytes(shape.M, shape.N, shape.K) <= caches.L1;

    private static GemmPlan InPlace(in GemmShape shape) =>
        new() { Route = GemmRoute.Tiles, Depth = shape.K, Rows = shape.M, Columns = shape.N };

    private static GemmPlan Blocks(in GemmShape shape, TileShape tile, CacheSizes caches)
    {
        int tiles = (shape.M + tile.Rows - 1) / tile.Rows;
        long bytesOfB = (long)shape.K * shape.N * sizeof(float), bytesOfC = (long)shape.M * shape.N * sizeof(float);
        int depth = GemmBlocks.Balanced(shape.K, MaxDepth(shape, tile, tiles, caches), 1);
        PackReason packA = WhyPackA(shape, tile, caches), packB = WhyPackB(shape, tile, tiles, depth, caches);
        long rowsInL2 = caches.L2 * SixteenthsOfL2 / 16 / sizeof(float) / depth;
        // where it is short, the padding of a copied row is most of it
        int mostRows = MaxBytesOfA / sizeof(float) / (depth + (packA == PackReason.None ? 0 : GemmPacking.MaxRowPadding));
        int rows = (int)Math.Min(rowsInL2, mostRows) / tile.Rows * tile.Rows;
        int columns = (int)Math.Min(caches.L3 / PartsOfL3, MaxBytesOfB) / sizeof(float) / depth / tile.Columns * tile.Columns;
        return new GemmPlan
        {
            Route = GemmRoute.Tiles,
            Depth = depth,
            Rows = GemmBlocks.Balanced(shape.M, Math.Max(rows, tile.Rows), tile.Rows),
            Columns = packB == PackReason.None ? shape.N : GemmBlocks.Balanced(shape.N, Math.Max(columns, tile.Columns), tile.Columns),
            PackA = packA,
            PackB = packB,
            // a B that is copied row by row comes in order, which the processor prefetches itself
            PrefetchesB = (packB is PackReason.None or PackReason.Transposed) && bytesOfB >= (tiles < FewTiles ? caches.L3 : caches.L2) / 2,
            PrefetchesC = bytesOfC >= 2 * caches.L2 && (shape.ReadsC || depth < shape.K),
        };
    }

    /// <summary>A panel of B in half of L1; or, where few tiles read it, in an eighth of L2.</summary>
    private static int MaxDepth(in GemmShape shape, TileShape tile, int tiles, CacheSizes caches)
    {
        int bytesOfRow = tile.Columns * sizeof(float);
        return !shape.IsTransposedB && tiles < FewTiles
            ? (int)Math.Min(caches.L2 / 8, MaxBytesOfPanel) / bytesOfRow
            : Math.Max((int)Math.Min(caches.L1 / 2, MaxBytesOfPanel) / bytesOfRow, MinDepthPerLane * tile.Columns / 2);
    }

    private static PackReason WhyPackA(in GemmShape shape, TileShape tile, CacheSizes caches)
    {
        if (shape.IsScaled) return PackReason.Scaled;
        if (shape.N < MinPanelsToPackA * tile.Columns || shape.K < MinDepthToPackA) return PackReason.None;
        // a wide tile takes a column's line from L2 in the time of its multiply-adds, wherever the others fall
        if (shape.IsColumnMajorA && tile.Rows >= RowsOfHalfLine) return PackReason.None;
        if (FallOnOneSet(shape.StrideOfA, caches.Level1)) return PackReason.OneSet;
        bool staysInL2 = (long)shape.M * shape.K * sizeof(float) < caches.L2;
        return shape.IsColumnMajorA && !staysInL2 ? PackReason.ShortPieces : PackReason.None;
    }

    private static PackReason WhyPackB(in GemmShape shape, TileShape tile, int tiles, int depth, CacheSizes caches)
    {
        if (shape.IsTransposedB) return PackReason.Transposed;
        if (FallOnOneSet(shape.StrideOfB, caches.Level1)) return tiles >= MinTilesForOneSet ? PackReason.OneSet : PackReason.None;
        return tiles >= MinTilesForFewSets && RowsHeld(shape.StrideOfB, tile.Columns, caches.Level1) < depth
            ? PackReason.FewSets : PackReason.None;
    }

    private static bool FallOnOneSet(nint stride, CacheLevel cache) => stride * sizeof(float) % ((int)cache.Size / cache.Ways) == 0;

    /// <summary>How many rows of so many elements, a stride apart, a cache holds: they fall on the sets that the largest power of two in the
    /// stride leaves.</summary>
    private static int RowsHeld(nint stride, int elements, CacheLevel cache)
    {
        nint powerOfTwo = stride & -stride;
        return (int)cache.Size / sizeof(float) / (int)Math.Max(powerOfTwo, elements);
    }
}
