namespace Backprop.Data;

/// <summary>SplitMix64: a counter through a 64-bit mixer; spreads one seed over a larger generator's state.</summary>
/// <remarks>
/// G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014; constants as in
/// https://prng.di.unimi.it/splitmix64.c.
/// </remarks>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        // The odd number nearest 2⁶⁴ divided by the golden ratio.
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
