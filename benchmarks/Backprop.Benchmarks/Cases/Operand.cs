using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Backprop.Benchmarks.Cases;

/// <summary>
/// Numbers that begin at a multiple of 64 bytes and stay there. Where the collector puts an array is chance, and it moves arrays: a load
/// waits for an earlier store whose address ends in the same 12 bits, which made exp:1000 take 335 ns instead of 125 on an AMD EPYC of
/// family 26. So operands made one after the other begin a third of a page apart from each other, further than a processor looks ahead.
/// </summary>
internal sealed class Operand
{
    /// <summary>In bytes: a cache line and the widest vector.</summary>
    public const int Alignment = 64;

    /// <summary>The longest there can be.</summary>
    public static readonly int MaxLength = Array.MaxLength - Slack;

    private const int Page = 4096, Step = 21 * Alignment;

    // where the first number may have to be, counted from the beginning of the block
    private const int Slack = (Page - 1) / sizeof(float);

    private static int s_made;

    private readonly float[] _block;
    private readonly int _first;

    /// <summary>Makes <paramref name="length"/> zeros.</summary>
    public unsafe Operand(int length)
    {
        Length = length;
        _block = GC.AllocateArray<float>(length + Slack, pinned: true);
        nint place = (nint)Step * Interlocked.Increment(ref s_made);
        _first = (int)((place - (nint)Unsafe.AsPointer(ref _block[0])) & (Page - 1)) / sizeof(float);
    }

    public int Length { get; }

    public Memory<float> Memory => _block.AsMemory(_first, Length);

    public ref float this[long index] => ref AsSpan()[checked((int)index)];

    public static implicit operator Span<float>(Operand operand) => operand.AsSpan();

    public static implicit operator ReadOnlySpan<float>(Operand operand) => operand.AsSpan();

    /// <summary>All of it, without a check: it is part of every call that is timed.</summary>
    public Span<float> AsSpan() =>
        MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_block), _first), Length);

    public Span<float> AsSpan(int start, int length) => AsSpan().Slice(start, length);

    /// <summary>Makes every number the same.</summary>
    public void Fill(float value) => AsSpan().Fill(value);

    public void CopyTo(Operand destination) => AsSpan().CopyTo(destination);

    /// <summary>For who needs an array of its own.</summary>
    public float[] ToArray() => AsSpan().ToArray();

    /// <summary>For the statement <c>fixed</c>.</summary>
    public ref float GetPinnableReference() => ref AsSpan().GetPinnableReference();
}
