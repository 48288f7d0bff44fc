using System.Buffers.Binary;
using Backprop.Data;

namespace Backprop.Formats;

/// <summary>Reads a safetensors file of single-precision tensors; the header is checked as a whole before anything is handed out.</summary>
internal sealed class SafetensorsReader : IDisposable
{
    private readonly FileStream _stream;
    private readonly long _dataStart;

    private SafetensorsReader(FileStream stream, string path)
    {
        _stream = stream;
        byte[] header = ReadHeader(stream, path);
        _dataStart = stream.Position;
        (Tensors, Metadata) = SafetensorsHeaderParser.Parse(header, stream.Length - _dataStart, path);
    }

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<TensorEntry> Tensors { get; }

    /// <summary>The strings of <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not as the format says; the message starts with the path.</exception>
    public static SafetensorsReader Open(string path)
    {
        FileStream stream = InputFile.Open(path);
        try
        {
            return new SafetensorsReader(stream, path);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The tensors by their names.</summary>
    public Dictionary<string, TensorEntry> ByName()
    {
        var tensors = new Dictionary<string, TensorEntry>(Tensors.Count, StringComparer.Ordinal);
        foreach (TensorEntry tensor in Tensors) tensors.Add(tensor.Name, tensor);
        return tensors;
    }

    /// <summary>Goes to a tensor's first number.</summary>
    public void Seek(TensorEntry tensor) => _stream.Position = _dataStart + tensor.Begin;

    /// <summary>Reads the next numbers.</summary>
    public void Read(Span<float> destination) => FloatStream.Read(_stream, destination);

    public void Dispose() => _stream.Dispose();

    private static byte[] ReadHeader(FileStream stream, string path)
    {
        long available = stream.Length - SafetensorsHeader.PrefixLength;
        if (available < 0)
            throw InputFile.Error(path, $"{stream.Length} bytes; expected a safetensors file of {SafetensorsHeader.PrefixLength} or more");
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixLength];
        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > SafetensorsHeader.MaximumLength)
            throw InputFile.Error(path, $"header of {length} bytes; expected {SafetensorsHeader.MaximumLength} or less (no safetensors?)");
        if (length > (ulong)available)
            throw InputFile.Error(path, $"header of {length} bytes; expected {available} or less, the file's rest (is it cut short?)");
        byte[] header = new byte[length];
        stream.ReadExactly(header);
        return header;
    }
}
