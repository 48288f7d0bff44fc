using System.Numerics;
using System.Runtime.CompilerServices;
using Backprop.Kernels;

namespace Backprop.Data;

/// <summary>Random numbers by xoshiro256**, seeded by SplitMix64: a seed gives the same stream on every platform, bit for bit.</summary>
/// <remarks>
/// D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021); its period is 2²⁵⁶ − 1. Not for
/// cryptography. Not to be shared between threads.
/// </remarks>
public sealed class RandomSource
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;
    private float? _spareNormal;

    /// <summary>Starts the stream that belongs to a seed: its state is the first four outputs of SplitMix64.</summary>
    /// <param name="seed">Any number.</param>
    public RandomSource(ulong seed)
    {
        var mixer = new SplitMix64(seed);
        _s0 = mixer.Next();
        _s1 = mixer.Next();
        _s2 = mixer.Next();
        _s3 = mixer.Next();
    }

    /// <summary>Starts from a state, for published test vectors; not all zero.</summary>
    internal RandomSource(ulong s0, ulong s1, ulong s2, ulong s3) => (_s0, _s1, _s2, _s3) = (s0, s1, s2, s3);

    /// <summary>The next 64 bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A whole number of 0 … exclusiveMaximum − 1, each as likely as the others.</summary>
    /// <remarks>
    /// D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019), with the upper 32 bits of one output, of
    /// more where one falls into the part that would favour some numbers.
    /// </remarks>
    /// <param name="exclusiveMaximum">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is below 1.</exception>
    public int Next(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveMaximum, 1);
        uint range = (uint)exclusiveMaximum;
        ulong product = NextUpper32() * range;
        if ((uint)product < range)
        {
            // 2³² mod range low parts are one too many: exactly those below it are drawn again.
            uint surplus = (0u - range) % range;
            while ((uint)product < surplus) product = NextUpper32() * range;
        }
        return (int)(product >> 32);
    }

    /// <summary>A number of [0, 1): the upper 24 bits of one output times 2⁻²⁴, exact.</summary>
    public float NextSingle() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>A number of the normal distribution with mean 0 and variance 1.</summary>
    /// <remarks>
    /// Marsaglia's polar method (G. Marsaglia, T. A. Bray, SIAM Review 6, 1964) in single precision: u and v uniform on [−1, 1) until
    /// s = u² + v² is inside the unit circle and not 0; then u·√(−2 ln s / s) and, at the next call, v times the same. Only the four
    /// operations and the square root, which IEEE 754 rounds the same everywhere, and
    /// <see cref="Kernel.Log(ReadOnlySpan{float}, Span{float})"/> take part, so the bits do not depend on the platform. Values beyond ±8
    /// do not occur: s is at least 2⁻⁴⁶.
    /// </remarks>
    public float NextNormal()
    {
        if (_spareNormal is { } spare)
        {
            _spareNormal = null;
            return spare;
        }
        (float u, float v, float s) = NextInUnitCircle();
        float scale = MathF.Sqrt(-2 * Kernel.Log(s) / s);
        _spareNormal = v * scale;
        return u * scale;
    }

    /// <summary>Fills <paramref name="order"/> with 0 … n − 1 in random order: Fisher–Yates from the last place down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Permute(Span<int> order)
    {
        for (int i = 0; i < order.Length; i++) order[i] = i;
        for (int last = order.Length - 1; last > 0; last--)
        {
            int other = Next(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }
    }

    private (float U, float V, float S) NextInUnitCircle()
    {
        while (true)
        {
            float u = 2 * NextSingle() - 1;
            float v = 2 * NextSingle() - 1;
            float s = u * u + v * v;
            if (s is > 0 and < 1) return (u, v, s);
        }
    }

    private ulong NextUpper32() => NextUInt64() >> 32;
}
