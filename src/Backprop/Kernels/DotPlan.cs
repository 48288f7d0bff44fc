namespace Backprop.Kernels;

/// <summary>What dots decide by the sizes of the caches, in bytes; no decision changes a bit of a result.</summary>
internal readonly struct DotPlan(long l1Bytes, long l2Bytes)
{
    /// <summary>Whether a matrix that is read once comes from L2: more elements than all of L1 and fewer than all of L2. Masked loads
    /// of 512 bits are faster from there alone.</summary>
    public bool IsInL2(long elements) => elements > l1Bytes / sizeof(float) && elements < l2Bytes / sizeof(float);

    /// <summary>How many rows of k elements of A all rows of X meet before the next ones: 3/8 of L2, the rest is for X, C and what
    /// is fetched ahead. Whole tiles of 4, one at least.</summary>
    public int RowsInL2(int k) => (int)Math.Max(4, l2Bytes * 3 / 8 / sizeof(float) / k / 4 * 4);
}
