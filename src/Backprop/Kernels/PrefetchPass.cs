namespace Backprop.Kernels;

/// <summary>What a register tile prefetches in some turns of its loop: one address or two a turn. All at once they would hold up the loads of
/// the tile itself.</summary>
internal unsafe struct PrefetchPass
{
    /// <summary>The first address.</summary>
    public float* Address;

    /// <summary>From one turn's address to the next one's.</summary>
    public nint Stride;

    /// <summary>From the first address of a turn to the second; 0 where there is one.</summary>
    public nint ToSecond;

    /// <summary>The turns; 0 ends a list.</summary>
    public int Turns;
}
