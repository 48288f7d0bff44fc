using System.Buffers.Binary;
using System.Security.Cryptography;
using Backprop.Networks;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Networks;

public class NetworkTests
{
    [Fact]
    public void Knows_its_sizes()
    {
        Network network = new(784, 30, 20, 10);
        Assert.Equal([784, 30, 20, 10], network.Layers.ToArray());
        Assert.Equal(3, network.Depth);
        Assert.Equal(784, network.InputSize);
        Assert.Equal(10, network.OutputSize);
        Assert.Equal(784 * 30 + 30 + 30 * 20 + 20 + 20 * 10 + 10, network.ParameterCount);
    }

    [Fact]
    public void Starts_with_zeros()
    {
        Network network = new(5, 4, 3);
        Assert.All(network.Parameters.ToArray(), value => Assert.Equal(0, value));
        Assert.All(network.Predict(new float[5]), value => Assert.Equal(1 / 3.0, value, 1e-7));
    }

    [Fact]
    public void Takes_and_gives_parameters_layer_by_layer()
    {
        Network network = new(3, 20, 17, 2);
        for (int layer = 1; layer <= network.Depth; layer++)
        {
            float[] weights = Sequence(1000 * layer, network.Layers[layer - 1] * network.Layers[layer]);
            float[] biases = Sequence(-1000 * layer, network.Layers[layer]);
            network.SetWeights(layer, weights);
            network.SetBiases(layer, biases);
            float[] weightsBack = new float[weights.Length];
            float[] biasesBack = new float[biases.Length];
            network.GetWeights(layer, weightsBack);
            network.GetBiases(layer, biasesBack);
            Assert.Equal(weights, weightsBack);
            Assert.Equal(biases, biasesBack);
            int columns = network.Layers[layer];
            Assert.Equal(weights[1 * columns + 1], network.Parameters[network.Layout.WeightIndex(layer, 1, 1)]);
            Assert.Equal(biases[1], network.Parameters[network.Layout.BiasIndex(layer, 1)]);
        }

        AssertPaddingIsZero(network.Layout, network.Parameters);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 17, 16, 5)]
    [InlineData(784, 30, 10)]
    public unsafe void Parameters_lie_on_cache_lines(params int[] layers)
    {
        Network network = new(layers);
        fixed (float* start = network.Parameters)
        {
            for (int layer = 1; layer <= network.Depth; layer++)
            {
                Assert.Equal(0, (nint)(start + network.Layout.BiasIndex(layer, 0)) % 64);
                for (int input = 0; input < layers[layer - 1]; input++)
                    Assert.Equal(0, (nint)(start + network.Layout.WeightIndex(layer, input, 0)) % 64);
            }
        }

        Assert.Equal(0, network.Parameters.Length % 16);
    }

    [Fact]
    public void Every_parameter_has_a_place_of_its_own()
    {
        ParameterLayout layout = new Network(5, 17, 3, 16).Layout;
        HashSet<int> places = [];
        for (int layer = 1; layer <= layout.Depth; layer++)
        {
            for (int output = 0; output < layout.Layers[layer]; output++)
            {
                Assert.True(places.Add(layout.BiasIndex(layer, output)));
                for (int input = 0; input < layout.Layers[layer - 1]; input++)
                    Assert.True(places.Add(layout.WeightIndex(layer, input, output)));
            }
        }

        Assert.Equal(layout.ParameterCount, places.Count);
        Assert.All(places, place => Assert.InRange(place, 0, layout.Length - 1));
    }

    [Fact]
    public void The_digest_is_that_of_the_little_endian_floats_without_padding()
    {
        // 300 floats are more than the digest takes at a time.
        Network network = new(2, 300, 3);
        List<float> all = [];
        for (int layer = 1; layer <= 2; layer++)
        {
            float[] weights = Sequence(10 * layer, network.Layers[layer - 1] * network.Layers[layer]);
            float[] biases = Sequence(100 * layer, network.Layers[layer]);
            network.SetWeights(layer, weights);
            network.SetBiases(layer, biases);
            all.AddRange(weights);
            all.AddRange(biases);
        }

        byte[] bytes = new byte[all.Count * 4];
        for (int i = 0; i < all.Count; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), all[i]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), network.ComputeSha256());
    }

    [Fact]
    public void Refuses_layers_that_make_no_network()
    {
        Refusal.Of<ArgumentException>("layers", () => _ = new Network(), 2, 0);
        Refusal.Of<ArgumentException>("layers", () => _ = new Network(5), 2, 1);
        Refusal.Of<ArgumentException>("layers", () => _ = new Network(5, 0, 2), 1, 0);
        Refusal.Of<ArgumentException>("layers", () => _ = new Network(5, 3, -1), 2, -1);
        Refusal.Of<ArgumentException>("layers", () => _ = new Network(65_536, 32_768), 65_537L * 32_768);
        Refusal.Of<ArgumentException>("layers", () => _ = new Network(int.MaxValue, int.MaxValue, int.MaxValue));
        // Few enough parameters, but each row of one is padded to sixteen.
        Refusal.Of<ArgumentException>("layers", () => _ = new Network(1_000_000_000, 1));
    }

    [Fact]
    public void Refuses_parameters_that_do_not_fit()
    {
        Network network = new(784, 30, 10);
        Refusal.Of<ArgumentException>("weights", () => network.SetWeights(1, new float[23_519]), 784, 30, 23_520, 23_519);
        Refusal.Of<ArgumentException>("destination", () => network.GetWeights(2, new float[301]), 30, 10, 300, 301);
        Refusal.Of<ArgumentException>("biases", () => network.SetBiases(2, new float[9]), 10, 9);
        Refusal.Of<ArgumentException>("destination", () => network.GetBiases(1, new float[31]), 30, 31);
        Refusal.Of<ArgumentOutOfRangeException>("layer", () => network.SetWeights(0, []), 0, 1, 2);
        Refusal.Of<ArgumentOutOfRangeException>("layer", () => network.GetWeights(3, []), 3);
        Refusal.Of<ArgumentOutOfRangeException>("layer", () => network.SetBiases(-1, []), -1);
        Refusal.Of<ArgumentOutOfRangeException>("layer", () => network.GetBiases(3, []), 3);
        Refusal.Of<ArgumentOutOfRangeException>("input", () => network.Layout.WeightIndex(1, 784, 0), 783, 784);
        Refusal.Of<ArgumentOutOfRangeException>("output", () => network.Layout.WeightIndex(1, 0, -1), 29, -1);
        Refusal.Of<ArgumentOutOfRangeException>("output", () => network.Layout.BiasIndex(2, 10), 9, 10);
        Refusal.Of<ArgumentOutOfRangeException>("layer", () => network.Layout.BiasIndex(0, 0), 0);
    }

    [Fact]
    public void Refuses_a_workspace_that_cannot_be()
    {
        Network network = new(4, 3, 2);
        Assert.Throws<ArgumentNullException>("network", () => new Workspace(null!, 1));
        Refusal.Of<ArgumentOutOfRangeException>("maximumRows", () => _ = new Workspace(network, 0), 0);
        Refusal.Of<ArgumentOutOfRangeException>("threads", () => _ = new Workspace(network, 1, 0), 0);
        Refusal.Of<ArgumentException>("maximumRows", () => _ = new Workspace(network, int.MaxValue), int.MaxValue);
    }

    [Fact]
    public void Refuses_batches_that_do_not_fit()
    {
        Network network = new(4, 3, 2);
        Workspace workspace = new(network, 5);
        float[] gradient = new float[network.Layout.Length];
        Assert.Throws<ArgumentNullException>("workspace", () => network.Predict(new float[4], 1, null!, new float[2]));
        Refusal.Of<ArgumentOutOfRangeException>("rows", () => network.Predict([], -1, workspace, []), -1);
        Refusal.Of<ArgumentException>("rows", () => network.Predict(new float[24], 6, workspace, new float[12]), 5, 6);
        Workspace other = new(new Network(4, 2), 1);
        Refusal.Of<ArgumentException>("workspace", () => network.Predict(new float[4], 1, other, new float[2]));
        Refusal.Of<ArgumentException>("inputs", () => network.Predict(new float[9], 2, workspace, new float[4]), 2, 4, 8, 9);
        Refusal.Of<ArgumentException>("activations", () => network.Predict(new float[8], 2, workspace, new float[5]), 2, 4, 5);
        Refusal.Of<ArgumentException>("input", () => network.Predict(new float[3]), 4, 3);
        Refusal.Of<ArgumentException>("input", () => network.Classify(new float[5]), 4, 5);

        Refusal.Of<ArgumentOutOfRangeException>("rows", () => network.Gradient([], Array.Empty<int>(), 0, workspace, gradient), 0);
        Refusal.Of<ArgumentException>("classes", () => network.Gradient(new float[8], [0], 2, workspace, gradient), 2, 1);
        Refusal.Of<ArgumentException>("classes", () => network.Gradient(new float[8], [0, 2], 2, workspace, gradient), 1, 2);
        Refusal.Of<ArgumentException>("targets", () => network.Gradient(new float[8], [0f, 1f, 1f], 2, workspace, gradient), 2, 4, 3);
        Refusal.Of<ArgumentException>("targets", () => network.Gradient(new float[8], [0f, 1f, 1f, 1f], 2, workspace, gradient), 1);
        Refusal.Of<ArgumentException>("targets", () => network.Gradient(new float[4], [float.NaN, 1f], 1, workspace, gradient), 0);
        Refusal.Of<ArgumentException>(
            "gradient", () => network.Gradient(new float[4], [1], 1, workspace, new float[3]), gradient.Length, 3);
    }

    [Fact]
    public void The_gradient_leaves_nothing_in_the_padding()
    {
        NetworkCase random = new("5-17-3-2", 7, Seed: 8);
        Network network = random.Network.ToNetwork();
        float[] gradient = new float[network.Layout.Length];
        Array.Fill(gradient, float.NaN);
        network.Gradient(random.Inputs(), random.Classes(), 7, new Workspace(network, 7), gradient);
        AssertPaddingIsZero(network.Layout, gradient);
        Assert.DoesNotContain(gradient, float.IsNaN);
    }

    internal static void AssertPaddingIsZero(ParameterLayout layout, ReadOnlySpan<float> block)
    {
        float[] rest = block.ToArray();
        for (int layer = 1; layer <= layout.Depth; layer++)
        {
            for (int output = 0; output < layout.Layers[layer]; output++)
            {
                rest[layout.BiasIndex(layer, output)] = 0;
                for (int input = 0; input < layout.Layers[layer - 1]; input++)
                    rest[layout.WeightIndex(layer, input, output)] = 0;
            }
        }

        Assert.All(rest, value => Assert.Equal(0, value));
    }

    private static float[] Sequence(int start, int count) => Enumerable.Range(start, count).Select(value => value / 8f).ToArray();
}
