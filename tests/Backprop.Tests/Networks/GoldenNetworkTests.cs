using Backprop.Networks;
using Backprop.Tests.Reference;
using Xunit;

namespace Backprop.Tests.Networks;

/// <summary>A 3-2-3 network worked out once: the reference, the double-precision model and the network must all know its numbers.</summary>
public class GoldenNetworkTests
{
    /// <summary>The values are given to 15 decimals, and the sums are of a few terms under 1.</summary>
    private const double DoubleTolerance = 1e-15;

    /// <summary>
    /// In units of u = 2⁻²⁴. Parameters and inputs are off by u each. z¹: Σ|w x| + |b| ≤ 0.85, six roundings a term, 5.1; a¹: a quarter
    /// of it and 4 · 0.7 for sigmoid, 4.1; z²: Σ|w| · 4.1 + 6 · 0.37, 4.3; δ²: 0.38 · (2 · 4.3 + 8 for exp, sums and division), 6.4 and
    /// 0.8 for a − y, 7.2; cost: 2 · 4.3 and 4 roundings of 1.3, 14; δ¹: Σ|w| · 7.2 and 6 · 0.33, a quarter of it, 1.6, plus what a¹
    /// brings, 0.3 · 4.1, 2.9. So 16 is enough for all of them.
    /// </summary>
    private const float SingleTolerance = 16f / (1 << 24);

    private static readonly double[] Input = [0.6, 0.8, 0.7];
    private static readonly double[] Target = [0, 1, 0];
    private static readonly double[] Activations = [0.370532491422950, 0.289637974394479, 0.339829534182571];
    private static readonly double[] OutputDelta = [0.370532491422950, -0.710362025605521, 0.339829534182571];
    private static readonly double[] HiddenDelta = [0.061244729587542, -0.042287636403552];
    private const double Cost = 1.239123500014216;

    [Fact]
    public void The_reference_has_its_numbers()
    {
        ReferenceNetwork network = Golden();
        double[][] activations = network.Forward(Input).Activations;
        double[][] delta = network.Deltas(activations, Target);
        AssertNear(Activations, activations[2], DoubleTolerance);
        AssertNear(OutputDelta, delta[2], DoubleTolerance);
        AssertNear(HiddenDelta, delta[1], DoubleTolerance);
        Assert.Equal(Cost, network.Cost([Input], [Target]), 2 * DoubleTolerance);
    }

    [Fact]
    public void The_model_of_the_gradient_check_has_its_numbers()
    {
        ReferenceParameters golden = Golden().Parameters;
        DoubleParameters parameters = new(golden.Layers);
        for (int layer = 1; layer <= 2; layer++)
        {
            golden.Weights[layer].Cast<double>().ToArray().CopyTo(parameters.Weights[layer], 0);
            golden.Biases[layer].CopyTo(parameters.Biases[layer], 0);
        }

        DoubleTrace trace = new DoubleModel(golden.Layers, parameters).Run(Input, target: 1);
        AssertNear(Activations, trace.Activations[2], DoubleTolerance);
        AssertNear(OutputDelta, trace.Delta[2], DoubleTolerance);
        AssertNear(HiddenDelta, trace.Delta[1], DoubleTolerance);
        Assert.Equal(Cost, trace.Cost, 2 * DoubleTolerance);
    }

    [Fact]
    public void The_network_has_its_numbers()
    {
        Network network = Golden().ToNetwork();
        float[] input = Array.ConvertAll(Input, value => (float)value);
        AssertNear(Activations, Widen(network.Predict(input)), SingleTolerance);
        Assert.Equal(0, network.Classify(input));

        // With one example the gradient of the biases is δ itself.
        float[] gradient = new float[network.Layout.Length];
        float cost = network.Gradient(input, [1], 1, new Workspace(network, 1), gradient);
        ReferenceParameters derivatives = ReferenceParameters.FromBlock(network.Layout, gradient);
        Assert.Equal(Cost, cost, SingleTolerance);
        AssertNear(OutputDelta, derivatives.Biases[2], SingleTolerance);
        AssertNear(HiddenDelta, derivatives.Biases[1], SingleTolerance);
        Assert.Equal(Input[2] * HiddenDelta[1], derivatives.Weights[1][2, 1], SingleTolerance);
    }

    private static ReferenceNetwork Golden()
    {
        ReferenceParameters parameters = new([3, 2, 3]);
        parameters.Weights[1] = new[,] { { 0.1, 0.2 }, { 0.3, 0.1 }, { 0.5, 0 } };
        parameters.Biases[1] = [0.1, 0.1];
        parameters.Weights[2] = new[,] { { 0.1, -0.2, 0.3 }, { 0.2, 0.3, -0.1 } };
        parameters.Biases[2] = [0.05, -0.05, 0];
        return new ReferenceNetwork(parameters);
    }

    private static double[] Widen(float[] values) => Array.ConvertAll(values, value => (double)value);

    private static void AssertNear(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }
}
