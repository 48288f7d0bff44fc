using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Backprop.Formats;

/// <summary>Little-endian single-precision numbers in a stream.</summary>
internal static class FloatStream
{
    // A span of bytes has fewer than 2³¹ elements, one of floats may need four times that: long ones go in blocks of 4 MB.
    private const int Block = 1 << 20;

    public static void Read(Stream stream, Span<float> destination)
    {
        for (int start = 0; start < destination.Length; start += Block)
        {
            Span<float> block = destination.Slice(start, Math.Min(Block, destination.Length - start));
            stream.ReadExactly(MemoryMarshal.AsBytes(block));
            ToOrFromLittleEndian(block);
        }
    }

    /// <summary>Writes the numbers; on a big-endian machine it changes the span's bytes on the way.</summary>
    public static void Write(Stream stream, Span<float> source)
    {
        ToOrFromLittleEndian(source);
        for (int start = 0; start < source.Length; start += Block)
            stream.Write(MemoryMarshal.AsBytes(source.Slice(start, Math.Min(Block, source.Length - start))));
    }

    private static void ToOrFromLittleEndian(Span<float> values)
    {
        if (BitConverter.IsLittleEndian) return;
        Span<int> bits = MemoryMarshal.Cast<float, int>(values);
        BinaryPrimitives.ReverseEndianness(bits, bits);
    }
}
