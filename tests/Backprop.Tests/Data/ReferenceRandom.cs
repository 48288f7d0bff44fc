namespace Backprop.Tests.Data;

/// <summary>xoshiro256** and SplitMix64 once more, on 128-bit integers reduced modulo 2⁶⁴ as the papers define the operations.</summary>
internal sealed class ReferenceRandom
{
    private static readonly UInt128 s_modulus = UInt128.One << 64;
    private readonly UInt128[] _state;

    public ReferenceRandom(params ulong[] state) => _state = [.. state.Select(word => (UInt128)word)];

    public static ReferenceRandom FromSeed(ulong seed) => new([.. SplitMix(seed).Take(4)]);

    public static IEnumerable<ulong> SplitMix(ulong seed)
    {
        for (UInt128 count = 1; ; count++)
        {
            UInt128 z = (seed + count * 0x9E3779B97F4A7C15) % s_modulus;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % s_modulus;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB % s_modulus;
            yield return (ulong)(z ^ (z >> 31));
        }
    }

    public ulong Next()
    {
        UInt128 output = Rotate(_state[1] * 5 % s_modulus, 7) * 9 % s_modulus;
        UInt128[] s = [.. _state];
        _state[0] = s[0] ^ s[1] ^ s[3];
        _state[1] = s[0] ^ s[1] ^ s[2];
        _state[2] = s[0] ^ s[2] ^ ((s[1] << 17) % s_modulus);
        _state[3] = Rotate(s[1] ^ s[3], 45);
        return (ulong)output;
    }

    /// <summary>floor(x·n / 2³²) of the first x whose x·n mod 2³² is not among the 2³² mod n smallest.</summary>
    public int Next(int n)
    {
        while (true)
        {
            UInt128 product = (UInt128)(Next() >> 32) * (UInt128)n;
            if (product % (UInt128.One << 32) >= (UInt128.One << 32) % (UInt128)n) return (int)(product >> 32);
        }
    }

    private static UInt128 Rotate(UInt128 word, int count) => ((word << count) | (word >> (64 - count))) % s_modulus;
}
