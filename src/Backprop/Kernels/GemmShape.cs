namespace Backprop.Kernels;

/// <summary>What a plan is made from: all of a product but its numbers and addresses.</summary>
internal readonly struct GemmShape
{
    /// <summary>Rows of C.</summary>
    public required int M { get; init; }

    /// <summary>Columns of C.</summary>
    public required int N { get; init; }

    /// <summary>The reduced size.</summary>
    public required int K { get; init; }

    /// <summary>Whether the columns of A as it enters the product are contiguous, rather than its rows: A is stored transposed.</summary>
    public required bool IsColumnMajorA { get; init; }

    /// <summary>Elements from one contiguous row or column of A to the next.</summary>
    public required nint StrideOfA { get; init; }

    /// <summary>Whether B is stored transposed, its columns contiguous.</summary>
    public required bool IsTransposedB { get; init; }

    /// <summary>Elements from one contiguous row or column of B to the next.</summary>
    public required nint StrideOfB { get; init; }

    /// <summary>Elements from one row of C to the next.</summary>
    public required nint StrideOfC { get; init; }

    /// <summary>Whether A is multiplied by a number other than 1.</summary>
    public bool IsScaled { get; init; }

    /// <summary>Whether C is read.</summary>
    public bool ReadsC { get; init; }

    /// <summary>Whether <see cref="DotRule"/> applies to the product that this is, or is a part of.</summary>
    public bool IsDots { get; init; }
}
