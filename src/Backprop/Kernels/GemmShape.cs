namespace Backprop.Kernels;

/// <summary>What a plan is made from: all of a product but its numbers and addresses.</summary>
internal struct GemmShape
{
    /// <summary>Rows of C.</summary>
    public int M;

    /// <summary>Columns of C.</summary>
    public int N;

    /// <summary>The reduced size.</summary>
    public int K;

    /// <summary>Whether the columns of A as it enters the product are contiguous, rather than its rows: A is stored transposed.</summary>
    public bool IsColumnMajorA;

    /// <summary>Elements from one contiguous row or column of A to the next.</summary>
    public nint StrideOfA;

    /// <summary>Whether B is stored transposed, its columns contiguous.</summary>
    public bool IsTransposedB;

    /// <summary>Elements from one contiguous row or column of B to the next.</summary>
    public nint StrideOfB;

    /// <summary>Elements from one row of C to the next.</summary>
    public nint StrideOfC;

    /// <summary>Whether A is multiplied by a number other than 1.</summary>
    public bool IsScaled;

    /// <summary>Whether C is read.</summary>
    public bool ReadsC;

    /// <summary>Whether <see cref="DotRule"/> applies to the product that this is, or is a part of.</summary>
    public bool IsDots;

    /// <summary>C ← op(A) op(B), nothing between the stored rows.</summary>
    public static GemmShape Dense(int m, int n, int k, bool isTransposedA, bool isTransposedB) => new()
    {
        M = m,
        N = n,
        K = k,
        IsColumnMajorA = isTransposedA,
        StrideOfA = isTransposedA ? m : k,
        IsTransposedB = isTransposedB,
        StrideOfB = isTransposedB ? k : n,
        StrideOfC = n,
        IsDots = !isTransposedA && isTransposedB && DotRule.Applies(m, n, k),
    };
}
