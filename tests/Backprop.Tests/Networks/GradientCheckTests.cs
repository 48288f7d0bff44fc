using Backprop.Networks;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Networks;

public class GradientCheckTests
{
    [Theory]
    [InlineData("64-30-10", 10)]
    [InlineData("784-30-20-10", 3)]
    [InlineData("5-3", 4)]
    [InlineData("1-1", 1)]
    [InlineData("3-1-1-2", 2)]
    public void Passes_on_a_network_as_it_is(string shape, int rows)
    {
        NetworkCase random = new(shape, rows, Seed: 3);
        Network network = random.Network.ToNetwork();
        GradientCheckReport report = GradientCheck.Run(network, random.Inputs(), random.Classes(), rows);
        Assert.True(report.Passed, report.ToString());
        Assert.True(report.WorstRelativeError < 1e-6, report.ToString());
        Assert.InRange(report.FloatErrorBound, 0, 1e-3);
        Assert.Equal(network.ParameterCount, report.ParametersChecked);
        Assert.Matches(@"^(weights of layer \d \[\d+, \d+\]|biases of layer \d \[\d+\])$", report.WorstParameter);
    }

    /// <summary>Large weights saturate σ and softmax; large and tiny inputs ask for another step.</summary>
    [Theory]
    [InlineData(20f, 1f)]
    [InlineData(1f, 255f)]
    [InlineData(1f, 1e-20f)]
    [InlineData(0f, 1f)]
    [InlineData(1f, 0f)]
    public void Passes_at_any_scale(float weightScale, float inputScale)
    {
        NetworkCase random = new("12-9-7-4", 6, Seed: 4);
        Network network = random.Network.ToNetwork();
        for (int layer = 1; layer <= network.Depth; layer++)
        {
            float[] weights = new float[network.Layers[layer - 1] * network.Layers[layer]];
            network.GetWeights(layer, weights);
            network.SetWeights(layer, Array.ConvertAll(weights, weight => weight * weightScale));
        }

        float[] inputs = Array.ConvertAll(random.Inputs(), input => input * inputScale);
        GradientCheckReport report = GradientCheck.Run(network, inputs, random.Classes(), random.Batch);
        Assert.True(report.Passed, report.ToString());
    }

    [Fact]
    public void Sees_a_wrong_analytic_gradient()
    {
        Checked check = new();
        DoubleParameters wrong = check.Model.Gradient(check.Traces);
        wrong.Weights[1][12 * 30 + 3] *= 1 + 1e-5;
        GradientCheckReport report = GradientCheck.Compare(check.Model, check.Traces, wrong, check.Network.Layout, check.Gradient);
        Assert.False(report.Passed, report.ToString());
        Assert.Equal("weights of layer 1 [12, 3]", report.WorstParameter);
        Assert.InRange(report.WorstRelativeError, 4e-6, 6e-6);
        Assert.Equal(wrong.Weights[1][12 * 30 + 3], report.Analytic);
    }

    [Fact]
    public void Sees_a_wrong_float_gradient()
    {
        Checked check = new();
        check.Gradient[check.Network.Layout.BiasIndex(2, 3)] *= 1.0005f;
        GradientCheckReport report = GradientCheck.Compare(
            check.Model, check.Traces, check.Model.Gradient(check.Traces), check.Network.Layout, check.Gradient);
        Assert.False(report.Passed, report.ToString());
        Assert.Equal("biases of layer 2 [3]", report.WorstFloatParameter);
        Assert.True(report.WorstFloatError > report.FloatErrorBound, report.ToString());
        Assert.True(report.WorstRelativeError < 1e-6, report.ToString());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Does_not_pass_what_it_cannot_compare(float value)
    {
        NetworkCase random = new("4-3-2", 2, Seed: 5);
        Network network = random.Network.ToNetwork();
        network.SetBiases(1, [0, value, 0]);
        GradientCheckReport report = GradientCheck.Run(network, random.Inputs(), random.Classes(), 2);
        Assert.False(report.Passed, report.ToString());
        Assert.Equal(double.PositiveInfinity, report.WorstRelativeError);
        // An error without end, or a bound that is no number.
        Assert.False(report.WorstFloatError <= report.FloatErrorBound, report.ToString());
    }

    [Fact]
    public void The_derived_float_bound_is_not_above_the_plain_one_of_the_reference()
    {
        Checked check = new();
        DoubleParameters running = FloatErrorBound.Compute(check.Model, check.Traces);
        double[][] inputs = NetworkCase.Rows(check.Case.Inputs(), 64);
        double[][] targets = NetworkCase.OneHot(check.Case.Classes(), 10);
        ReferenceParameters plain = ReferenceErrorBound.Gradient(check.Case.Network, inputs, targets).Errors;
        for (int layer = 1; layer <= 2; layer++)
            Assert.True(running.Weights[layer].Sum() < plain.Weights[layer].Cast<double>().Sum());
    }

    [Fact]
    public void Refuses_what_does_not_fit()
    {
        Network network = new(4, 3, 2);
        Assert.Throws<ArgumentNullException>("network", () => GradientCheck.Run(null!, [], [], 1));
        Refusal.Of<ArgumentOutOfRangeException>("rows", () => GradientCheck.Run(network, [], [], 0), 0);
        Refusal.Of<ArgumentException>("inputs", () => GradientCheck.Run(network, new float[7], [0, 1], 2), 2, 4, 8, 7);
        Refusal.Of<ArgumentException>("classes", () => GradientCheck.Run(network, new float[8], [0], 2), 2, 1);
        Refusal.Of<ArgumentException>("classes", () => GradientCheck.Run(network, new float[8], [0, 2], 2), 1, 2);
    }

    private sealed class Checked
    {
        public Checked()
        {
            Network = Case.Network.ToNetwork();
            Gradient = new float[Network.Layout.Length];
            Network.Gradient(Case.Inputs(), Case.Classes(), Case.Batch, new Workspace(Network, Case.Batch), Gradient);
            Model = new DoubleModel(Network);
            Traces = GradientCheck.Trace(Model, Case.Inputs(), Case.Classes());
        }

        public NetworkCase Case { get; } = new("64-30-10", 5, Seed: 6);

        public Network Network { get; }

        public float[] Gradient { get; }

        public DoubleModel Model { get; }

        public DoubleTrace[] Traces { get; }
    }
}
