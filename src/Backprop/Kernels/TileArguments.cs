namespace Backprop.Kernels;

/// <summary>What a register tile is called with beside its addresses, C ← beta C + A B on rows × columns elements; and a
/// <see cref="ColumnStrip"/>, a tile of one row, whose A is called x and whose B is called A there.</summary>
internal unsafe struct TileArguments
{
    /// <summary>The length of the chains.</summary>
    public int K;

    /// <summary>The rows of the tile.</summary>
    public int Rows;

    /// <summary>The columns of the tile.</summary>
    public int Columns;

    /// <summary>The columns in the last vector.</summary>
    public int Last;

    /// <summary>How many elements before the columns the first vector begins; a <see cref="ColumnStrip"/> masks them.</summary>
    public int Before;

    /// <summary>Whether columns of A are contiguous, rather than rows.</summary>
    public bool IsColumnMajor;

    /// <summary>The factor of A, for a <see cref="ColumnStrip"/>; 1 for a tile, whose A is multiplied where it is copied.</summary>
    public float Alpha;

    /// <summary>The factor of C, which is not read where it is 0.</summary>
    public float Beta;

    /// <summary>From one row of A to the next, or from one column.</summary>
    public nint Lda;

    /// <summary>From one row of B to the next; its columns are contiguous.</summary>
    public nint Ldb;

    /// <summary>From one row of C to the next; its columns are contiguous.</summary>
    public nint Ldc;

    /// <summary>What to prefetch: passes whose turns are together K divided by <see cref="GemmTile.StepsPerTurn"/>, and one of no turns.</summary>
    public PrefetchPass* Passes;
}
