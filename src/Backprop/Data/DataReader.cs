using System.Buffers.Binary;
using System.IO.Compression;
using Backprop.Kernels;

namespace Backprop.Data;

/// <summary>Reads a data file front to back, unpacking it if its first two bytes are gzip's magic number.</summary>
/// <remarks>
/// <see cref="GZipStream"/> takes a file that was cut short for a complete one and checks nothing in that case. Here the number of
/// unpacked bytes is compared with the length in the last four bytes of the file, so that no examples are lost in silence. The
/// price: a gzip file of several members is refused.
/// </remarks>
internal sealed class DataReader : IDisposable
{
    // RFC 1952: a header of 10 bytes, an empty deflate block of 2 bytes, the checksum and the length of 4 bytes each.
    private const int SmallestGzip = 20;

    private readonly Stream _stream;
    private readonly string _name;
    private readonly uint? _unpackedLength;
    private long _position;

    private DataReader(Stream packed, string name)
    {
        // reading waits for files and for the decompression, in which time the first step on the data can be compiled
        FirstStep.Prepare();
        _name = name;
        _unpackedLength = UnpackedLength(packed, name);
        _stream = _unpackedLength is null ? packed : new GZipStream(packed, CompressionMode.Decompress);
    }

    /// <summary>Opens a file.</summary>
    public static DataReader Open(string path) => Over(InputFile.Open(path), path);

    /// <summary>Reads from a stream that can seek; it is disposed of with the reader. Messages call it by the name.</summary>
    public static DataReader Over(Stream stream, string name)
    {
        try
        {
            return new DataReader(stream, name);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Fills the destination; returns fewer bytes than fit only at the end of the data.</summary>
    public int Read(Span<byte> destination)
    {
        int count = Unpack(destination);
        _position += count;
        if (count < destination.Length) CheckUnpackedLength();
        return count;
    }

    public InvalidDataException Error(string problem) => InputFile.Error(_name, problem);

    public void Dispose() => _stream.Dispose();

    private static uint? UnpackedLength(Stream packed, string name)
    {
        Span<byte> bytes = stackalloc byte[4];
        int count = packed.ReadAtLeast(bytes[..2], 2, throwOnEndOfStream: false);
        bool isGzip = count == 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
        if (isGzip && packed.Length < SmallestGzip)
            throw InputFile.Error(name, $"gzip data of {packed.Length} bytes is cut short; expected at least {SmallestGzip} bytes");
        if (isGzip)
        {
            packed.Seek(-4, SeekOrigin.End);
            packed.ReadExactly(bytes);
        }
        packed.Seek(0, SeekOrigin.Begin);
        return isGzip ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : null;
    }

    private int Unpack(Span<byte> destination)
    {
        try
        {
            return _stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException)
        {
            throw Error("damaged gzip data: a block or the checksum is wrong");
        }
    }

    private void CheckUnpackedLength()
    {
        if (_unpackedLength is { } expected && (uint)_position != expected)
            throw Error($"gzip data cut short, or of several members: {_position} bytes unpacked; expected {expected}, as its end says");
    }
}
