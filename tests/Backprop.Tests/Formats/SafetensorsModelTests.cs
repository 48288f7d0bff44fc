using System.Buffers.Binary;
using System.Text.Json;
using Backprop.Formats;
using Backprop.Networks;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Formats;

public sealed class SafetensorsModelTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_made_by_hand_is_read_with_its_weights_transposed()
    {
        // 3-2-1; the tensors' bytes are in another order than the library's, and PyTorch's rows are outputs.
        string header = string.Join(
            ",", "{\"__metadata__\":{\"format\":\"pt\"}", SafetensorsBytes.Tensor("layers.0.bias", "[2]", 0, 8),
            SafetensorsBytes.Tensor("layers.1.bias", "[1]", 8, 12), SafetensorsBytes.Tensor("layers.1.weight", "[1,2]", 12, 20),
            SafetensorsBytes.Tensor("layers.0.weight", "[2,3]", 20, 44)) + "}";
        byte[] data = SafetensorsBytes.Floats(0.5f, -0.5f, 7, 8, 9, 11, 12, 13, 21, 22, 23);
        Network network = SafetensorsModel.Load(_folder.Write("model", SafetensorsBytes.File(header, data)));
        Assert.Equal([3, 2, 1], network.Layers);
        Assert.Equal([11, 21, 12, 22, 13, 23], Weights(network, 1));
        Assert.Equal([0.5f, -0.5f], Biases(network, 1));
        Assert.Equal([8, 9], Weights(network, 2));
        Assert.Equal([7], Biases(network, 2));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2, 3)]
    [InlineData(17, 33, 5, 2)]
    public void A_file_written_holds_the_transposes_under_the_names_of_PyTorch(params int[] layers)
    {
        Network network = Numbered(layers);
        string path = _folder.PathOf("model");
        SafetensorsModel.Save(network, path);

        byte[] bytes = File.ReadAllBytes(path);
        int headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        ReadOnlyMemory<byte> text = bytes.AsMemory(8, headerLength);
        ReadOnlySpan<byte> data = bytes.AsSpan(8 + headerLength);
        using JsonDocument header = JsonDocument.Parse(text);
        Assert.Equal(0, headerLength % 8);
        Assert.Equal((byte)'{', text.Span[0]);
        Assert.Equal(2 * (layers.Length - 1), header.RootElement.EnumerateObject().Count());
        int position = 0;
        for (int layer = 1; layer < layers.Length; layer++)
        {
            (int inputs, int outputs) = (layers[layer - 1], layers[layer]);
            float[] weights = Weights(network, layer);
            float[] weight = Values(data, header, $"layers.{layer - 1}.weight", [outputs, inputs], ref position);
            for (int i = 0; i < inputs; i++)
            {
                for (int j = 0; j < outputs; j++) Assert.Equal(weights[i * outputs + j], weight[j * inputs + i]);
            }
            Assert.Equal(Biases(network, layer), Values(data, header, $"layers.{layer - 1}.bias", [outputs], ref position));
        }
        Assert.Equal(data.Length, position);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(64, 30, 10)]
    [InlineData(5, 4, 3, 2, 1)]
    public void A_network_comes_back_as_it_was(params int[] layers)
    {
        Network network = Numbered(layers);
        string path = _folder.PathOf("model");
        SafetensorsModel.Save(network, path);
        Network read = SafetensorsModel.Load(path);
        Assert.Equal(layers, read.Layers);
        for (int layer = 1; layer < layers.Length; layer++)
        {
            Assert.Equal(Weights(network, layer), Weights(read, layer));
            Assert.Equal(Biases(network, layer), Biases(read, layer));
        }
    }

    [Fact]
    public void Special_values_keep_their_bits()
    {
        uint[] bits = [0x7FC00000, 0xFFC12345, 0x7F800000, 0xFF800000, 0x80000000, 0x00000001, 0x807FFFFF, 0x7F7FFFFF];
        float[] values = [.. bits.Select(BitConverter.UInt32BitsToSingle)];
        var network = new Network(2, 4);
        network.SetWeights(1, values);
        network.SetBiases(1, values.AsSpan(4));
        string path = _folder.PathOf("model");
        SafetensorsModel.Save(network, path);
        Network read = SafetensorsModel.Load(path);
        Assert.Equal(bits, Weights(read, 1).Select(BitConverter.SingleToUInt32Bits));
        Assert.Equal(bits[4..], Biases(read, 1).Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void A_model_replaces_an_older_one_and_leaves_nothing_beside_it()
    {
        string path = _folder.PathOf("model");
        SafetensorsModel.Save(Numbered(9, 9, 9), path);
        SafetensorsModel.Save(Numbered(2, 3), path);
        Assert.Equal([2, 3], SafetensorsModel.Load(path).Layers);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_path_that_cannot_be_written_is_named()
    {
        string path = _folder.PathOf("none/model");
        string message = Assert.Throws<IOException>(() => SafetensorsModel.Save(Numbered(2, 3), path)).Message;
        Assert.StartsWith($"{path}: cannot be written: there is no folder", message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => SafetensorsModel.Save(null!, path));
        Assert.Throws<FileNotFoundException>(() => SafetensorsModel.Load(path));
    }

    [Fact]
    public void A_model_cut_short_is_refused()
    {
        string path = _folder.PathOf("model");
        SafetensorsModel.Save(Numbered(3, 2, 3), path);
        byte[] whole = File.ReadAllBytes(path);
        AssertRefused(
            whole[..^1], "tensor \"layers.1.bias\": data_offsets [56, 68]; expected an end within the 67 bytes that follow the header");
        AssertRefused(whole[..20], "is it cut short?");
    }

    [Fact]
    public void Missing_tensors_are_refused()
    {
        AssertRefused(SafetensorsBytes.File("{}", []), "tensor layers.0.weight is missing among 0; expected layers.N.weight and");
        AssertRefused(Model(("layers.0.weight", [2, 3])), "tensor layers.0.bias is missing among 1");
        AssertRefused(Model(("layers.0.bias", [2])), "tensor layers.0.weight is missing among 1");
        AssertRefused(
            Model(("layers.0.weight", [2, 3]), ("layers.0.bias", [2]), ("layers.1.weight", [1, 2])),
            "tensor layers.1.bias is missing among 3");
        AssertRefused(
            Model(("layers.0.weight", [2, 3]), ("layers.0.bias", [2]), ("layers.1.bias", [1])),
            "tensor layers.1.weight is missing among 3");
    }

    [Fact]
    public void Unknown_tensors_are_refused()
    {
        (string, int[])[] known = [("layers.0.weight", [2, 3]), ("layers.0.bias", [2])];
        AssertRefused(Model([.. known, ("step", [])]), "unknown tensor \"step\"; expected layers.N.weight and layers.N.bias");
        AssertRefused(
            Model([.. known, ("layers.2.weight", [2, 2]), ("layers.2.bias", [2])]),
            "unknown tensor \"layers.2.weight\"; expected", "without a gap");
        AssertRefused(
            Model([.. known, ("layers.01.weight", [2, 2]), ("layers.01.bias", [2])]), "unknown tensor \"layers.01.weight\"; expected");
    }

    [Fact]
    public void Shapes_that_do_not_chain_are_refused()
    {
        AssertRefused(
            Model(("layers.0.weight", [2, 3]), ("layers.0.bias", [2]), ("layers.1.weight", [4, 3]), ("layers.1.bias", [4])),
            "layers.1.weight: shape [4, 3]; expected [outputs, 2]");
        AssertRefused(Model(("layers.0.weight", [2, 3]), ("layers.0.bias", [3])), "layers.0.bias: shape [3]; expected [2], the outputs of");
        AssertRefused(Model(("layers.0.weight", [2, 3]), ("layers.0.bias", [2, 1])), "layers.0.bias: shape [2, 1]; expected [2]");
        AssertRefused(Model(("layers.0.weight", [6]), ("layers.0.bias", [2])), "layers.0.weight: shape [6]; expected [outputs,");
        AssertRefused(Model(("layers.0.weight", [0, 3]), ("layers.0.bias", [0])), "layers.0.weight: shape [0, 3]; expected [outputs,");
        AssertRefused(Model(("layers.0.weight", [2, 0]), ("layers.0.bias", [2])), "layers.0.weight: shape [2, 0]; expected [outputs,");
    }

    // Sparse files, which take no room on the disk: 46,341² is just over 2³¹ weights; 150 million rows of one weight are few, but a row
    // takes 16 places in a network.
    [Theory]
    [InlineData(46_341, 46_341, "2147534622 parameters up to layers.0.bias; expected no more than 2147483591")]
    [InlineData(1, 150_000_000, "layers: 150000000-1 needs")]
    public void More_parameters_than_a_network_holds_are_refused_before_any_is_read(long outputs, long inputs, string problem)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs files that are sparse without being asked");
        string path = _folder.PathOf("model");
        long weights = sizeof(float) * outputs * inputs;
        long end = weights + sizeof(float) * outputs;
        string header = $"{{{SafetensorsBytes.Tensor("layers.0.weight", $"[{outputs},{inputs}]", 0, weights)},"
            + $"{SafetensorsBytes.Tensor("layers.0.bias", $"[{outputs}]", weights, end)}}}";
        byte[] start = SafetensorsBytes.File(header, []);
        using (FileStream stream = File.Create(path))
        {
            stream.Write(start);
            stream.SetLength(start.Length + end);
        }
        TempFolder.AssertRefused(path, () => SafetensorsModel.Load(path), problem);
    }

    private static byte[] Model(params (string Name, int[] Shape)[] tensors) => SafetensorsBytes.File(tensors);

    private void AssertRefused(byte[] content, params string[] fragments)
    {
        string path = _folder.Write("model", content);
        TempFolder.AssertRefused(path, () => SafetensorsModel.Load(path), fragments);
    }

    /// <summary>Parameters that are all different.</summary>
    private static Network Numbered(params int[] layers)
    {
        var network = new Network(layers);
        int next = 0;
        for (int layer = 1; layer < layers.Length; layer++)
        {
            network.SetWeights(layer, [.. Enumerable.Range(0, layers[layer - 1] * layers[layer]).Select(_ => ++next / 8f)]);
            network.SetBiases(layer, [.. Enumerable.Range(0, layers[layer]).Select(_ => -++next / 8f)]);
        }
        return network;
    }

    private static float[] Weights(Network network, int layer)
    {
        float[] weights = new float[network.Layers[layer - 1] * network.Layers[layer]];
        network.GetWeights(layer, weights);
        return weights;
    }

    private static float[] Biases(Network network, int layer)
    {
        float[] biases = new float[network.Layers[layer]];
        network.GetBiases(layer, biases);
        return biases;
    }

    private static float[] Values(ReadOnlySpan<byte> data, JsonDocument header, string name, int[] shape, ref int position)
    {
        JsonElement tensor = header.RootElement.GetProperty(name);
        Assert.Equal("F32", tensor.GetProperty("dtype").GetString());
        Assert.Equal(shape, tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()));
        int[] offsets = [.. tensor.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32())];
        Assert.Equal(position, offsets[0]);
        position = offsets[1];
        float[] values = new float[(offsets[1] - offsets[0]) / 4];
        for (int i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadSingleLittleEndian(data[(offsets[0] + 4 * i)..]);
        Assert.Equal(shape.Aggregate((a, b) => a * b), values.Length);
        return values;
    }
}
