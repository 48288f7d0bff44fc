namespace Backprop.Kernels;

/// <summary>What a register tile prefetches in some turns of its loop: one address or two a turn. All at once they would hold up the loads of
/// the tile itself.</summary>
internal unsafe struct PrefetchPass
{
    /// <summary>The first address.</summary>
    public float* Address;

    /// <summary>From one turn's address to the next one's.</summary>
    public nint Stride;

    /// <summary>From the first address of a turn to the second; 0 where there is one.</summary>
    public nint ToSecond;

    /// <summary>The turns; 0 ends a list.</summary>
    public int Turns;
}

/// <summary>A panel of rows that the tiles before it prefetch, each its part: line by line of all rows, one row a turn, or two where there are
/// too few turns.</summary>
internal unsafe struct PanelPrefetch
{
    private readonly float* _start;
    private readonly nint _stride;
    private readonly nint _toSecond;
    private readonly int _rows;
    private readonly int _lines;
    private int _line;
    private int _row;

    /// <summary>Rows of so many lines, for tiles of so many turns together.</summary>
    public PanelPrefetch(float* start, nint stride, int rows, int lines, long turns)
    {
        bool inPairs = (long)rows * lines > turns;
        _start = start;
        _stride = inPairs ? 2 * stride : stride;
        _toSecond = inPairs ? stride : 0;
        _rows = inPairs ? (rows + 1) / 2 : rows;
        _lines = lines;
    }

    /// <summary>Whether any line is left.</summary>
    public readonly bool IsLeft => _line < _lines;

    /// <summary>Adds what a tile prefetches in its next turns, as far as the list has room; returns its end. The turns become those that are
    /// left.</summary>
    public PrefetchPass* Take(PrefetchPass* pass, PrefetchPass* room, ref int turns)
    {
        for (; turns > 0 && IsLeft && pass < room; pass++)
        {
            *pass = new PrefetchPass
            {
                Address = _start + _line * Prefetch.CacheLine + _row * _stride,
                Stride = _stride,
                ToSecond = _toSecond,
                Turns = Math.Min(turns, _rows - _row),
            };
            turns -= pass->Turns;
            _row += pass->Turns;
            if (_row < _rows) continue;
            _row = 0;
            _line++;
        }
        return pass;
    }
}
