using System.Runtime.InteropServices;

namespace Backprop.Networks;

/// <summary>
/// A block of floats, zero at first, whose first element lies on a cache line of its own and never moves. It is ordinary managed
/// memory on the pinned heap: no native allocation, no finalizer, nothing to dispose.
/// </summary>
internal sealed class AlignedBuffer
{
    /// <summary>The alignment in bytes: one cache line, and the widest vector.</summary>
    internal const int Alignment = 64;

    /// <summary>The alignment in elements; offsets and leading dimensions inside a block are multiples of it.</summary>
    internal const int Elements = Alignment / sizeof(float);

    /// <summary>The longest block: what an array holds, less the elements skipped to reach the boundary.</summary>
    internal static readonly int MaximumLength = Array.MaxLength - Elements;

    private readonly float[] _array;
    private readonly int _start;
    private readonly int _length;

    /// <summary>Allocates <paramref name="length"/> zeros, at most <see cref="MaximumLength"/> (the caller checks).</summary>
    internal AlignedBuffer(int length)
    {
        _array = GC.AllocateArray<float>(length + Elements, pinned: true);
        _length = length;
        nint address = Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0);
        _start = (int)((Alignment - (address & (Alignment - 1))) & (Alignment - 1)) / sizeof(float);
    }

    /// <summary>The whole block.</summary>
    internal Span<float> Span => _array.AsSpan(_start, _length);

    /// <summary><paramref name="count"/> rounded up to a whole number of cache lines.</summary>
    internal static long RoundUp(long count) => (count + (Elements - 1)) & ~(long)(Elements - 1);
}
