using Backprop.Networks;
using Backprop.Tests.Networks;
using Backprop.Training;
using Xunit;

namespace Backprop.Tests.Training;

public class InitializerTests
{
    /// <summary>Variances by layer: those of the weights of a 100-60-20 network, and that of the biases.</summary>
    [Theory]
    [InlineData(Initialization.ScaledNormal, 1.0 / 100, 1.0 / 60, 1.0)]
    [InlineData(Initialization.StandardNormal, 1.0, 1.0, 1.0)]
    [InlineData(Initialization.Xavier, 2.0 / 160, 2.0 / 80, 0.0)]
    [InlineData(Initialization.Network3, 1.0 / 60, 0.0, 1.0)]
    public void Has_the_variances_it_names(Initialization initialization, double first, double second, double biases)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            Network network = new(100, 60, 20);
            Initializer.Initialize(network, initialization, seed);
            AssertMoments(Weights(network, 1), first, seed);
            AssertMoments(Weights(network, 2), second, seed);
            AssertMoments(Biases(network, 1), biases, seed);
            AssertMoments(Biases(network, 2), initialization == Initialization.Network3 ? 0 : biases, seed);
            NetworkTests.AssertPaddingIsZero(network.Layout, network.Parameters);
        }
    }

    [Fact]
    public void Xavier_keeps_its_limit()
    {
        Network network = new(100, 60);
        Initializer.Initialize(network, Initialization.Xavier, 7);
        float limit = MathF.Sqrt(6f / 160);
        Assert.All(Weights(network, 1), weight => Assert.InRange(weight, -limit, limit));
        Assert.True(Weights(network, 1).Max() > 0.95 * limit);
    }

    [Theory]
    [InlineData(Initialization.ScaledNormal)]
    [InlineData(Initialization.Xavier)]
    [InlineData(Initialization.StandardNormal)]
    [InlineData(Initialization.Network3)]
    public void A_seed_decides_everything(Initialization initialization)
    {
        string Digest(ulong seed)
        {
            Network network = new(5, 4, 3);
            // What was there before does not matter.
            Initializer.Initialize(network, Initialization.StandardNormal, seed + 1000);
            Initializer.Initialize(network, initialization, seed);
            return network.ComputeSha256();
        }

        Assert.Equal(Digest(0), Digest(0));
        Assert.NotEqual(Digest(0), Digest(1));
    }

    [Fact]
    public void Refuses_what_is_not_there()
    {
        Assert.Throws<ArgumentNullException>("network", () => Initializer.Initialize(null!, Initialization.Xavier, 1));
        Assert.Throws<ArgumentOutOfRangeException>(
            "initialization", () => Initializer.Initialize(new Network(1, 1), (Initialization)17, 1));
    }

    /// <summary>
    /// Within five standard deviations of mean and variance: σ/√n and, for a normal distribution, σ²√(2/n) (less for a uniform one).
    /// </summary>
    private static void AssertMoments(float[] values, double variance, ulong seed)
    {
        double mean = values.Average(value => (double)value);
        double measured = values.Average(value => (double)value * value);
        Assert.True(Math.Abs(mean) <= 5 * Math.Sqrt(variance / values.Length), $"seed {seed}: mean {mean}");
        Assert.True(Math.Abs(measured - variance) <= 5 * variance * Math.Sqrt(2.0 / values.Length), $"seed {seed}: variance {measured}");
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
}
