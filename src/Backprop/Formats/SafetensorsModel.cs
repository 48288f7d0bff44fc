using Backprop.Data;
using Backprop.Networks;

namespace Backprop.Formats;

/// <summary>Networks as safetensors files with the names and shapes that PyTorch would use.</summary>
/// <remarks>
/// Layer l = 1 … L of the network is <c>layers.{l−1}.weight</c> of shape [outputs, inputs], the transpose of W^l, and
/// <c>layers.{l−1}.bias</c> of shape [outputs]; all in single precision (F32), row-major. In PyTorch such a file is the state of a
/// module whose <c>layers</c> is a <c>ModuleList</c> of <c>Linear</c>. Values are kept bit for bit, NaN and infinities too. Source of
/// the format: https://github.com/huggingface/safetensors#format.
/// </remarks>
public static class SafetensorsModel
{
    private const string ExpectedNames = "layers.N.weight and layers.N.bias for N = 0, 1, …";

    /// <summary>
    /// Writes a network: to a new file beside the path, flushed to the disk and renamed over it, so that a failure leaves no half-written
    /// file and an old one as it was.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file to write or to replace; its folder must exist.</param>
    /// <exception cref="IOException">Writing failed, or the path is a folder or a device. The message starts with the path.</exception>
    /// <exception cref="UnauthorizedAccessException">The path may not be written. The message starts with it.</exception>
    public static void Save(Network network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        AtomicFile.Write(path, stream => Write(network, stream));
    }

    /// <summary>Reads a network. The header may hold <c>__metadata__</c>, which is ignored; other tensors are refused.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is cut short, too long or not a safetensors file; tensors overlap, leave holes, are missing, unknown, there twice or not
    /// in single precision; or shapes do not chain. The message starts with the path.
    /// </exception>
    public static Network Load(string path)
    {
        using SafetensorsReader reader = SafetensorsReader.Open(path);
        Dictionary<string, TensorEntry> tensors = reader.ByName();
        int[] layers = ReadLayers(tensors, path);
        Network network = Create(layers, path);
        ParameterTensors.Read(reader, tensors, "", network.Layout, network.MutableParameters);
        return network;
    }

    private static Network Create(int[] layers, string path)
    {
        try
        {
            return new Network(layers);
        }
        catch (ArgumentException problem)
        {
            // Whole tensors that fit, of a network whose padded parameters do not.
            throw InputFile.Error(path, problem.Message);
        }
    }

    private static string WeightName(int layer) => ParameterTensors.WeightName("", layer);

    private static string BiasName(int layer) => ParameterTensors.BiasName("", layer);

    private static void Write(Network network, Stream stream)
    {
        var writer = new SafetensorsWriter(stream, ParameterTensors.List("", network.Layout));
        ParameterTensors.Write(writer, network.Layout, network.MutableParameters);
    }

    /// <summary>The sizes n_0 … n_L, after a check that the tensors are exactly those of such a network.</summary>
    private static int[] ReadLayers(Dictionary<string, TensorEntry> tensors, string path)
    {
        var layers = new List<int>();
        long parameters = 0;
        int depth = 0;
        do
        {
            depth++;
            TensorEntry weight = Find(tensors, WeightName(depth), path);
            TensorEntry bias = Find(tensors, BiasName(depth), path);
            CheckShapes(weight, bias, layers, path);
            parameters += (weight.End - weight.Begin + bias.End - bias.Begin) / sizeof(float);
            if (parameters > Array.MaxLength)
                throw InputFile.Error(path, $"{parameters} parameters up to {bias.Name}; expected no more than {Array.MaxLength}");
            if (depth == 1) layers.Add((int)weight.Shape[1]);
            layers.Add((int)weight.Shape[0]);
        }
        while (tensors.ContainsKey(WeightName(depth + 1)) || tensors.ContainsKey(BiasName(depth + 1)));
        CheckNoOthers(tensors, depth, path);
        return [.. layers];
    }

    private static TensorEntry Find(Dictionary<string, TensorEntry> tensors, string name, string path) =>
        tensors.TryGetValue(name, out TensorEntry? tensor)
            ? tensor
            : throw InputFile.Error(path, $"tensor {name} is missing among {tensors.Count}; expected {ExpectedNames}");

    private static void CheckNoOthers(Dictionary<string, TensorEntry> tensors, int depth, string path)
    {
        if (tensors.Count == 2 * depth) return;
        HashSet<string> known = [.. Enumerable.Range(1, depth).SelectMany(layer => new[] { WeightName(layer), BiasName(layer) })];
        string unknown = tensors.Keys.First(name => !known.Contains(name));
        throw InputFile.Error(path, $"unknown tensor {InputFile.Quote(unknown)}; expected {ExpectedNames}, without a gap");
    }

    private static void CheckShapes(TensorEntry weight, TensorEntry bias, List<int> layers, string path)
    {
        bool isMatrix = weight.Shape.Count == 2 && weight.Shape[0] >= 1 && weight.Shape[1] >= 1;
        if (!isMatrix) throw InputFile.Error(path, $"{weight.Name}: shape {weight.ShapeText}; expected [outputs, inputs], each at least 1");
        if (layers.Count > 0 && weight.Shape[1] != layers[^1])
        {
            throw InputFile.Error(
                path, $"{weight.Name}: shape {weight.ShapeText}; expected [outputs, {layers[^1]}] after a layer of {layers[^1]} outputs");
        }
        if (bias.Shape.Count != 1 || bias.Shape[0] != weight.Shape[0])
            throw InputFile.Error(path, $"{bias.Name}: shape {bias.ShapeText}; expected [{weight.Shape[0]}], the outputs of {weight.Name}");
    }
}
