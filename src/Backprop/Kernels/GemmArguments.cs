using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>A product after its checks: sizes, factors, operands with their transposition turned into strides.</summary>
internal unsafe struct GemmArguments : ISimdCall
{
    /// <summary>Sizes, strides, transpositions: what the plan is made from.</summary>
    public GemmShape Shape;

    /// <summary>The factor of A.</summary>
    public float Alpha;

    /// <summary>The factor of C; 0 leaves C unread.</summary>
    public float Beta;

    /// <summary>The first element of A.</summary>
    public float* OriginOfA;

    /// <summary>The first element of B.</summary>
    public float* OriginOfB;

    /// <summary>C, m × n, row-major.</summary>
    public float* C;

    /// <summary>The most threads to use.</summary>
    public int Threads;

    /// <summary>What happens to C afterwards.</summary>
    public GemmEpilogue Epilogue;

    /// <summary>Rows of C.</summary>
    public readonly int M => Shape.M;

    /// <summary>Columns of C.</summary>
    public readonly int N => Shape.N;

    /// <summary>The reduced size.</summary>
    public readonly int K => Shape.K;

    /// <summary>The stride between the rows of C.</summary>
    public readonly nint Ldc => Shape.StrideOfC;

    /// <summary>A, m × k.</summary>
    public readonly GemmOperand A
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(OriginOfA, Shape.IsColumnMajorA ? 1 : Shape.StrideOfA, Shape.IsColumnMajorA ? Shape.StrideOfA : 1);
    }

    /// <summary>B, k × n.</summary>
    public readonly GemmOperand B
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(OriginOfB, Shape.IsTransposedB ? 1 : Shape.StrideOfB, Shape.IsTransposedB ? Shape.StrideOfB : 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (Threads == 1) GemmBlocks.Run<TSimd, TVector>(this);
        else GemmThreads.Run<TSimd, TVector>(this);
    }

    /// <summary>The part of the product that makes rows × columns elements of C from the given corner on.</summary>
    public readonly GemmArguments Part(int row, int rows, int column, int columns)
    {
        GemmArguments part = this;
        part.Shape.M = rows;
        part.Shape.N = columns;
        part.OriginOfA = A.From(row, 0).Origin;
        part.OriginOfB = B.From(0, column).Origin;
        part.C += row * Ldc + column;
        part.Threads = 1;
        part.Epilogue = Epilogue.Part(row, column);
        return part;
    }
}
