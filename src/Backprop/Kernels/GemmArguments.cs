using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>A product after its checks: sizes, factors, operands with their transposition turned into strides.</summary>
internal readonly unsafe struct GemmArguments : ISimdCall
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

    /// <summary>Whether each element is a sum over 16 lanes and a tree, rows of A against rows of Bᵀ, rather than one chain.</summary>
    public required bool IsDots { get; init; }

    /// <summary>The most threads to use.</summary>
    public required int Threads { get; init; }

    /// <summary>What happens to C afterwards.</summary>
    public GemmEpilogue Epilogue { get; init; }

    /// <summary>Whether A is copied before use: to scale it, because its rows or columns would push each other out of L1 or L2, or because
    /// columns of A lie too far apart to be gathered for every panel of a B that is far away.</summary>
    public bool PackA => Alpha != 1f || (A.Row == 1 && IsLarge)
        || (N >= LeastColumnsToPackA && K >= LeastDepthToPackA && (A.Row == 1 ? HasCollidingColumnsOfA : A.Row % Page == 0));

    /// <summary>Whether B is copied before use: to transpose it, or because its rows collide and many rows of A meet them.</summary>
    public bool PackB => B.Step != 1 || (IsLarge && HasCollidingRowsOfB);

    /// <summary>Whether B is copied in blocks that stay in L3, each of which meets one block of A after the other, rather than in pieces that
    /// stay in L2, for each of which all of A comes by. The measurements are in decision 0004.</summary>
    public bool PacksFarB => PackB && !CanComeByWhole;

    /// <summary>Whether all of A can be read again for each piece of B: copied once, or in place.</summary>
    private bool CanComeByWhole => PackA
        ? K <= GemmBlocks.MaxDepth && (long)M * K <= MostElementsOfA && GemmBlocks.PackedLengthOfA(this, M, K) <= MostElementsOfA
        : !IsLarge || (long)M * K <= MostElementsOfA;

    /// <summary>Whether the first tile that reads a panel of B copies it for the tiles that follow: rows a power of two apart push each
    /// other out of L2.</summary>
    public bool CopiesPanels =>
        M >= LeastRowsToCopyPanels && (long)K * N >= ElementsBesideA && HasCollidingRowsOfB && !PackB;

    /// <summary>Whether the first tiles of a panel of B ask for the next one: where B stays in no cache, or not in L2 beside what else is there,
    /// and there are tiles enough to spread it over.</summary>
    public bool FetchesPanels => (long)K * N >= (M >= LeastRowsToFetch ? ElementsBesideA : ElementsBeyondL3) && !PackB && !CopiesPanels;

    /// <summary>Whether the tiles of one block of Bᵀ ask for the rows of the next one.</summary>
    public bool FetchesRowsOfTransposedB => B.Step != 1 && M >= LeastRowsToFetch && IsFar && !PacksFarB;

    /// <summary>Rows of B a power of two apart, whose panels fall on a few sets of a cache.</summary>
    public bool HasCollidingRowsOfB => B.Row % CollidingStride == 0;

    /// <summary>Whether C stays in no L2 cache of 1 MB.</summary>
    public bool HasFarC => (long)M * N >= ElementsBeyondL2;

    /// <summary>Whether columns of A, one cache line of each to a tile, push each other out of L1, or K of them fill all ways of the
    /// sets of L2 that they fall on.</summary>
    private bool HasCollidingColumnsOfA => A.Step % CollidingStride == 0 || K * (A.Step & -A.Step) >= ElementsOfL2;

    private bool IsFar => (long)K * N >= ElementsBeyondL2;

    private bool IsLarge => M >= LeastRowsToPack && IsFar;

    private const int CollidingStride = 512;

    /// <summary>The elements of a page: rows that far apart, twelve to a tile, all fall on one set of L1.</summary>
    private const int Page = 1024;

    private const int LeastColumnsToPackA = 256;
    private const int LeastDepthToPackA = 48;
    private const int LeastRowsToPack = 288;
    private const int LeastRowsToCopyPanels = 192;
    private const int LeastRowsToFetch = 48;

    /// <summary>4.3 MB, which hold 1024 × 1024 elements with their padding.</summary>
    private const long MostElementsOfA = 66 << 14;

    private const long ElementsOfL2 = 1 << 18;
    private const long ElementsBesideA = 1 << 17;
    private const long ElementsBeyondL2 = 1 << 19;
    private const long ElementsBeyondL3 = 1 << 22;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (Threads == 1) GemmBlocks.Run<TSimd, TVector>(this);
        else GemmThreads.Run<TSimd, TVector>(this);
    }

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
        IsDots = IsDots,
        Threads = 1,
        Epilogue = Epilogue.Part(row, column),
    };
}
