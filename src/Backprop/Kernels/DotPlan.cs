namespace Backprop.Kernels;

/// <summary>What dots decide by the sizes of the caches.</summary>
internal readonly struct DotPlan(long l1Bytes, long l2Bytes)
{
    /// <summary>Whether a matrix read once comes from L2.</summary>
    public bool IsInL2(long elements) => elements * sizeof(float) > l1Bytes && elements * sizeof(float) < l2Bytes;

    /// <summary>How many rows of A all rows of X meet before the next ones, a multiple of 4.</summary>
    public int RowsInL2(int k) => (int)Math.Max(4, l2Bytes * 3 / 8 / sizeof(float) / k / 4 * 4);
}
