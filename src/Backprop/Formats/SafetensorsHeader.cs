using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace Backprop.Formats;

/// <summary>Writes the header of a safetensors file.</summary>
/// <remarks>
/// A file is the length of the JSON text as a little-endian 64-bit integer, the text, and the tensors' bytes. The text is one object:
/// name → <c>{"dtype": "F32", "shape": […], "data_offsets": [begin, end]}</c>, and <c>__metadata__</c> with strings alone. Source: https://github.com/huggingface/safetensors#format.
/// </remarks>
internal static class SafetensorsHeader
{
    /// <summary>The longest text that the format allows.</summary>
    public const int MaximumLength = 100_000_000;

    public const int PrefixLength = sizeof(ulong);
    public const string Metadata = "__metadata__";
    public const string DataType = "F32";

    /// <summary>Prefix and text, padded with spaces so that the tensors start at a multiple of 8 bytes.</summary>
    /// <exception cref="InvalidOperationException">The text is longer than the format allows.</exception>
    public static byte[] Format(IReadOnlyList<TensorEntry> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            if (metadata.Count > 0) Format(json, metadata);
            foreach (TensorEntry tensor in tensors) Format(json, tensor);
            json.WriteEndObject();
        }
        int length = (text.WrittenCount + 7) / 8 * 8;
        if (length > MaximumLength) throw new InvalidOperationException($"a header of {length} bytes; expected {MaximumLength} or less");
        byte[] header = new byte[PrefixLength + length];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)length);
        text.WrittenSpan.CopyTo(header.AsSpan(PrefixLength));
        header.AsSpan(PrefixLength + text.WrittenCount).Fill((byte)' ');
        return header;
    }

    private static void Format(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject(Metadata);
        foreach ((string name, string value) in metadata) json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static void Format(Utf8JsonWriter json, TensorEntry tensor)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", DataType);
        json.WriteStartArray("shape");
        foreach (long size in tensor.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(tensor.Begin);
        json.WriteNumberValue(tensor.End);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
