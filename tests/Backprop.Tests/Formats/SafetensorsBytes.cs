using System.Buffers.Binary;
using System.Text;

namespace Backprop.Tests.Formats;

/// <summary>Safetensors files put together by hand.</summary>
internal static class SafetensorsBytes
{
    public static byte[] File(string header, byte[] data) => File(Encoding.UTF8.GetBytes(header), data);

    public static byte[] File(byte[] header, byte[] data)
    {
        byte[] prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        return [.. prefix, .. header, .. data];
    }

    /// <summary>A file of tensors, back to back, filled with zeros.</summary>
    public static byte[] File(params (string Name, int[] Shape)[] tensors)
    {
        var properties = new List<string>();
        int position = 0;
        foreach ((string name, int[] shape) in tensors)
        {
            int end = position + 4 * shape.Aggregate(1, (product, size) => product * size);
            properties.Add(Tensor(name, $"[{string.Join(",", shape)}]", position, end));
            position = end;
        }
        return File($"{{{string.Join(",", properties)}}}", new byte[position]);
    }

    public static string Tensor(string name, string shape, long begin, long end) =>
        $$"""
        "{{name}}":{"dtype":"F32","shape":{{shape}},"data_offsets":[{{begin}},{{end}}]}
        """;

    public static byte[] Floats(params float[] values)
    {
        byte[] bytes = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), values[i]);
        return bytes;
    }
}
