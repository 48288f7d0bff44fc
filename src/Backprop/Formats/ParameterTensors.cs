using System.Globalization;
using Backprop.Networks;

namespace Backprop.Formats;

/// <summary>
/// A block in the layout of a network's parameters as tensors: for l = 1 … L <c>layers.{l−1}.weight</c> of shape [outputs, inputs], the
/// transpose of W^l, and <c>layers.{l−1}.bias</c> of shape [outputs], with a prefix where a file holds several blocks.
/// </summary>
internal static class ParameterTensors
{
    public static string WeightName(string prefix, int layer) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}layers.{layer - 1}.weight");

    public static string BiasName(string prefix, int layer) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}layers.{layer - 1}.bias");

    /// <summary>Names and shapes, in the order in which <see cref="Write"/> writes.</summary>
    public static List<(string Name, long[] Shape)> List(string prefix, ParameterLayout layout)
    {
        var tensors = new List<(string Name, long[] Shape)>();
        for (int layer = 1; layer <= layout.Depth; layer++)
        {
            tensors.Add((WeightName(prefix, layer), [layout.Layers[layer], layout.Layers[layer - 1]]));
            tensors.Add((BiasName(prefix, layer), [layout.Layers[layer]]));
        }
        return tensors;
    }

    /// <summary>Writes the numbers of a block, which does not change.</summary>
    public static void Write(SafetensorsWriter writer, ParameterLayout layout, Span<float> block)
    {
        for (int layer = 1; layer <= layout.Depth; layer++)
        {
            float[] row = new float[layout.Layers[layer - 1]];
            for (int output = 0; output < layout.Layers[layer]; output++)
            {
                for (int input = 0; input < row.Length; input++) row[input] = layout.WeightRow(block, layer, input)[output];
                writer.Write(row);
            }
            writer.Write(layout.Biases(block, layer).ToArray());
        }
    }

    /// <summary>Reads the numbers into a block, whose padding stays; the tensors have been checked.</summary>
    public static void Read(
        SafetensorsReader reader, Dictionary<string, TensorEntry> tensors, string prefix, ParameterLayout layout, Span<float> block)
    {
        for (int layer = 1; layer <= layout.Depth; layer++)
        {
            reader.Seek(tensors[WeightName(prefix, layer)]);
            float[] row = new float[layout.Layers[layer - 1]];
            for (int output = 0; output < layout.Layers[layer]; output++)
            {
                reader.Read(row);
                for (int input = 0; input < row.Length; input++) layout.WeightRow(block, layer, input)[output] = row[input];
            }
            reader.Seek(tensors[BiasName(prefix, layer)]);
            reader.Read(layout.Biases(block, layer));
        }
    }
}
