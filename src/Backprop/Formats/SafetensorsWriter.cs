namespace Backprop.Formats;

/// <summary>Writes a safetensors file: the header at construction, then the tensors' numbers, in order and back to back.</summary>
internal sealed class SafetensorsWriter
{
    private readonly Stream _stream;

    public SafetensorsWriter(
        Stream stream, IEnumerable<(string Name, long[] Shape)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        _stream = stream;
        stream.Write(SafetensorsHeader.Format(Place(tensors), metadata ?? new Dictionary<string, string>()));
    }

    /// <summary>Writes the next numbers; <see cref="FloatStream.Write"/> may change the span.</summary>
    public void Write(Span<float> values) => FloatStream.Write(_stream, values);

    private static List<TensorEntry> Place(IEnumerable<(string Name, long[] Shape)> tensors)
    {
        var placed = new List<TensorEntry>();
        long position = 0;
        foreach ((string name, long[] shape) in tensors)
        {
            long bytes = sizeof(float);
            foreach (long size in shape) bytes *= size;
            placed.Add(new TensorEntry(name, shape, position, position + bytes));
            position += bytes;
        }
        return placed;
    }
}
