namespace Backprop.Kernels;

/// <summary>A product after its checks: sizes, factors, operands with their transposition turned into strides.</summary>
internal readonly unsafe struct GemmArguments
{
    /// <summary>Rows of C.</summary>
    public required int M { get; init; }

    /// <summary>Columns of C.</summary>
    public required int N { get; init; }

    /// <summary>The reduced size.</summary>
    public required int K { get; init; }

    /// <summary>The factor of A.</summary>
    public required float Alpha { get; init; }

    /// <summary>The factor of C; 0 leaves C unread.</summary>
    public required float Beta { get; init; }

    /// <summary>A, m × k.</summary>
    public required GemmOperand A { get; init; }

    /// <summary>B, k × n.</summary>
    public required GemmOperand B { get; init; }

    /// <summary>C, m × n, row-major.</summary>
    public required float* C { get; init; }

    /// <summary>The stride between the rows of C.</summary>
    public required nint Ldc { get; init; }

    /// <summary>Whether A is copied before use: to scale it, or because its copy is read often enough.</summary>
    public bool PackA => Alpha != 1f || (N >= 64 && (long)M * K >= 1 << 16);

    /// <summary>Whether B is copied before use: to transpose it, or because its copy is read often enough.</summary>
    public bool PackB => B.Step != 1 || (M >= 48 && (long)K * N >= 1 << 16);

    /// <summary>The part of the product that makes rows × columns elements of C from the given corner on.</summary>
    public GemmArguments Part(int row, int rows, int column, int columns) => new()
    {
        M = rows,
        N = columns,
        K = K,
        Alpha = Alpha,
        Beta = Beta,
        A = new GemmOperand(A.Origin + row * A.Row, A.Row, A.Step),
        B = new GemmOperand(B.Origin + column * B.Step, B.Row, B.Step),
        C = C + row * Ldc + column,
        Ldc = Ldc,
    };
}
