using Backprop.Networks;
using Backprop.Tests.Reference;
using FsCheck.Xunit;
using Xunit;

namespace Backprop.Tests.Networks;

/// <summary>The chain of proof: central differences of the cost → gradient of the reference → gradient of the network.</summary>
[Properties(Arbitrary = [typeof(NetworkCases)])]
public class GradientTests
{
    /// <summary>
    /// For a difference of fourth order with h = 10⁻³ on costs under 10: rounding 1.5 · (error of the cost) / h, where the cost comes
    /// from 4 layers of sums of at most 41 terms, 4 · 45 · 2⁻⁵³ · 10 = 2·10⁻¹³, so 3·10⁻¹⁰; truncation h⁴/30 times a fifth derivative
    /// that does not exceed 10³ with such weights and inputs, 3·10⁻¹¹.
    /// </summary>
    private const double DifferenceTolerance = 1e-9;

    [Property(MaxTest = 40)]
    public void The_reference_gradient_is_the_central_difference_of_the_cost(NetworkCase random)
    {
        (double[][] inputs, double[][] targets) = Batch(random);
        ReferenceNetwork network = random.Network;
        Assert.Null(FirstUnlikeDifference(network, inputs, targets, network.Gradient(inputs, targets), random.Seed));
    }

    [Property(MaxTest = 100)]
    public void The_float_gradient_is_within_its_bound_of_the_reference(NetworkCase random)
    {
        (double[][] inputs, double[][] targets) = Batch(random);
        ReferenceNetwork reference = random.Network;
        Network network = reference.ToNetwork();
        float[] gradient = new float[network.Layout.Length];
        float cost = network.Gradient(random.Inputs(), random.Classes(), random.Batch, new Workspace(network, random.Batch), gradient);
        Assert.Null(FirstBeyondBound(reference, inputs, targets, network.Layout, gradient));
        AssertCost(reference, inputs, targets, cost);
    }

    [Property(MaxTest = 50)]
    public void The_float_gradient_for_soft_targets_is_within_its_bound_of_the_reference(NetworkCase random)
    {
        double[][] inputs = NetworkCase.Rows(random.Inputs(), random.Layers[0]);
        double[][] targets = NetworkCase.Rows(random.SoftTargets(), random.Layers[^1]);
        ReferenceNetwork reference = random.Network;
        Network network = reference.ToNetwork();
        float[] gradient = new float[network.Layout.Length];
        float cost = network.Gradient(random.Inputs(), random.SoftTargets(), random.Batch, new Workspace(network, random.Batch), gradient);
        Assert.Null(FirstBeyondBound(reference, inputs, targets, network.Layout, gradient));
        AssertCost(reference, inputs, targets, cost);
    }

    [Property(MaxTest = 30)]
    public void One_hot_targets_give_the_bits_of_class_indices(NetworkCase random)
    {
        Network network = random.Network.ToNetwork();
        Workspace workspace = new(network, random.Batch);
        float[] byClass = new float[network.Layout.Length];
        float[] byTarget = new float[network.Layout.Length];
        float[] targets = NetworkCase.OneHot(random.Classes(), random.Layers[^1]).SelectMany(row => row).Select(y => (float)y).ToArray();
        float costByClass = network.Gradient(random.Inputs(), random.Classes(), random.Batch, workspace, byClass);
        float costByTarget = network.Gradient(random.Inputs(), targets, random.Batch, workspace, byTarget);
        Assert.Equal(costByClass, costByTarget);
        Assert.Equal(byClass, byTarget);
    }

    /// <summary>Negative control: what forgets a factor of BP2 or one row of the batch must not pass either comparison.</summary>
    [Theory]
    [InlineData("5-4-3", 3)]
    [InlineData("20-30-10", 10)]
    [InlineData("7-12-9-4", 5)]
    public void A_wrong_gradient_is_caught(string shape, int batch)
    {
        NetworkCase random = new(shape, batch, Seed: 17);
        (double[][] inputs, double[][] targets) = Batch(random);
        ReferenceNetwork reference = random.Network;
        Network network = reference.ToNetwork();
        float[] gradient = new float[network.Layout.Length];

        ReferenceParameters withoutSlope = reference.Gradient(inputs, targets);
        for (int j = 0; j < random.Layers[1]; j++)
            withoutSlope.Biases[1][j] *= 4;
        Assert.NotNull(FirstUnlikeDifference(reference, inputs, targets, withoutSlope, random.Seed));

        Workspace workspace = new(network, batch);
        network.Gradient(random.Inputs().AsSpan(random.Layers[0]), random.Classes().AsSpan(1), batch - 1, workspace, gradient);
        Assert.NotNull(FirstBeyondBound(reference, inputs, targets, network.Layout, gradient));

        network.Gradient(random.Inputs(), random.Classes(), batch, workspace, gradient);
        gradient[network.Layout.WeightIndex(1, 2, 1)] *= 1.01f;
        Assert.Contains("weights of layer 1 [2, 1]", FirstBeyondBound(reference, inputs, targets, network.Layout, gradient));
    }

    private static (double[][] Inputs, double[][] Targets) Batch(NetworkCase random) =>
        (NetworkCase.Rows(random.Inputs(), random.Layers[0]), NetworkCase.OneHot(random.Classes(), random.Layers[^1]));

    private static string? FirstBeyondBound(
        ReferenceNetwork reference, double[][] inputs, double[][] targets, ParameterLayout layout, float[] gradient) =>
        ReferenceParameters.FromBlock(layout, gradient)
            .FirstBeyond(reference.Gradient(inputs, targets), ReferenceErrorBound.Gradient(reference, inputs, targets).Errors);

    /// <summary>ln a is off by at most the relative error of a, to first order (twice is plenty); the cost rounds 8 times.</summary>
    private static void AssertCost(ReferenceNetwork reference, double[][] inputs, double[][] targets, float cost)
    {
        double expected = reference.Cost(inputs, targets);
        double worst = 0;
        foreach (double[] input in inputs)
        {
            double[] errors = ReferenceErrorBound.Activations(reference, input)[reference.Depth];
            double[] activations = reference.Predict(input);
            worst = Math.Max(worst, errors.Zip(activations, (error, a) => error / a).Max());
        }

        Assert.Equal(expected, cost, 2 * worst + 8.0 / (1 << 24) * (1 + expected));
    }

    /// <summary>Compares a sample of each layer's parameters; in words, the first that is off.</summary>
    private static string? FirstUnlikeDifference(
        ReferenceNetwork network, double[][] inputs, double[][] targets, ReferenceParameters gradient, int seed)
    {
        Random random = new(seed);
        for (int layer = 1; layer <= network.Depth; layer++)
        {
            for (int sample = 0; sample < 8; sample++)
            {
                int i = random.Next(network.Layers[layer - 1]);
                int j = random.Next(network.Layers[layer]);
                double byWeight = Difference(network, inputs, targets, ref network.Parameters.Weights[layer][i, j]);
                double byBias = Difference(network, inputs, targets, ref network.Parameters.Biases[layer][j]);
                if (!(Math.Abs(byWeight - gradient.Weights[layer][i, j]) <= DifferenceTolerance))
                    return Words($"weight {layer} [{i}, {j}]", gradient.Weights[layer][i, j], byWeight);
                if (!(Math.Abs(byBias - gradient.Biases[layer][j]) <= DifferenceTolerance))
                    return Words($"bias {layer} [{j}]", gradient.Biases[layer][j], byBias);
            }
        }

        return null;
    }

    private static string Words(string name, double derivative, double difference) =>
        FormattableString.Invariant($"{name}: {derivative}, by difference {difference}");

    private static double Difference(ReferenceNetwork network, double[][] inputs, double[][] targets, ref double parameter)
    {
        const double H = 1e-3;
        double value = parameter;
        double[] costs = new double[5];
        for (int step = -2; step <= 2; step++)
        {
            parameter = value + step * H;
            costs[step + 2] = network.Cost(inputs, targets);
        }

        parameter = value;
        return (8 * (costs[3] - costs[1]) - (costs[4] - costs[0])) / (12 * H);
    }
}
