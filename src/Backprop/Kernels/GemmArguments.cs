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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (Threads == 1) GemmBlocks.Run<TSimd, TVector>(this);
        else GemmThreads.Run<TSimd, TVector>(this);
    }

    /// <summary>What a plan is made from.</summary>
    public GemmShape Shape => new()
    {
        M = M,
        N = N,
        K = K,
        IsColumnMajorA = A.IsColumnMajor,
        StrideOfA = A.IsColumnMajor ? A.Step : A.Row,
        IsTransposedB = B.Step != 1,
        StrideOfB = B.Step != 1 ? B.Step : B.Row,
        StrideOfC = Ldc,
        IsScaled = Alpha != 1f,
        ReadsC = Beta != 0f,
        IsDots = IsDots,
    };

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
