namespace Backprop.Kernels;

/// <summary>One operand as it enters a product: element [i, p] or [p, j] at i · Row + p · Step from its origin.</summary>
internal readonly unsafe struct GemmOperand(float* origin, nint row, nint step)
{
    /// <summary>The first element.</summary>
    public float* Origin { get; } = origin;

    /// <summary>From one row to the next of the operand as it enters the product.</summary>
    public nint Row { get; } = row;

    /// <summary>From one column to the next.</summary>
    public nint Step { get; } = step;

    /// <summary>The part that begins at element [i, p].</summary>
    public GemmOperand From(int i, int p) => new(Origin + i * Row + p * Step, Row, Step);

    /// <summary>The same so many elements further on.</summary>
    public GemmOperand Moved(nint elements) => new(Origin + elements, Row, Step);
}

/// <summary>A block of A as the tiles read it: in place, or copied.</summary>
internal readonly unsafe struct TileOperand(float* origin, nint stride, bool isColumnMajor, nint panel)
{
    /// <summary>The first element.</summary>
    public float* Origin { get; } = origin;

    /// <summary>From one contiguous row or column to the next.</summary>
    public nint Stride { get; } = stride;

    /// <summary>Whether columns are contiguous, rather than rows.</summary>
    public bool IsColumnMajor { get; } = isColumnMajor;

    /// <summary>A block where it is.</summary>
    public static TileOperand InPlace(in GemmOperand a, bool isColumnMajor) => new(a.Origin, isColumnMajor ? a.Step : a.Row, isColumnMajor, 0);

    /// <summary>From one tile of so many rows to the next: where columns were copied, tile by tile, the length of a copy.</summary>
    public nint ToNextTile(int rows) => panel != 0 ? panel : IsColumnMajor ? rows : rows * Stride;
}
