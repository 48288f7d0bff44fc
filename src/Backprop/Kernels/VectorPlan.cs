using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>What kernels that read a matrix once, or once for a few rows, decide by the sizes of the caches; no decision changes a bit of a
/// result. What each is worth is in decision 0006.</summary>
internal readonly struct VectorPlan(CacheSizes caches)
{
    /// <summary>The plan for this machine.</summary>
    public static VectorPlan Current => new(CacheSizes.Current);

    /// <summary>Whether a matrix fits L1.</summary>
    public bool IsInL1(long elements) => elements <= caches.L1 / sizeof(float);

    /// <summary>Whether it comes from L2: more than L1 and less than L2 holds. Masked loads of 512 bits are faster from there alone.</summary>
    public bool IsInL2(long elements) => !IsInL1(elements) && elements < caches.L2 / sizeof(float);

    /// <summary>Whether a matrix is better read in strips of columns, whose sums stay in registers, than in whole rows, which come in
    /// order: up to twice L2.</summary>
    public bool TakesStrips(long elements) => elements <= 2 * caches.L2 / sizeof(float);

    /// <summary>How many rows of k elements all rows of the other operand meet before the next ones: 3/8 of L2, the rest is for that operand, C
    /// and what is prefetched. Whole tiles of 4, one at least.</summary>
    public int RowsInL2(int k) => (int)Math.Max(4, caches.L2 * 3 / 8 / sizeof(float) / k / 4 * 4);
}
