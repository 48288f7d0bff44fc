using Backprop.Networks;
using Backprop.Simd;
using Backprop.Tests.Networks;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using Backprop.Training;
using Xunit;

namespace Backprop.Tests.Training;

/// <summary>Class weights and label smoothing, against the formula that PyTorch documents for <c>cross_entropy</c>, in double.</summary>
[Collection(ProcessWide.Name)]
public sealed class ClassCostTests : IDisposable
{
    private static readonly NetworkCase s_case = new("5-6-4", Batch: 9, Seed: 51);
    private static readonly float[] s_weights = [0.5f, 3, 1, 0.125f];

    private readonly SimdLevel? _cap = SimdSupport.Cap;

    public void Dispose() => SimdSupport.Cap = _cap;

    [Theory]
    [InlineData(true, 0f)]
    [InlineData(false, 0.1f)]
    [InlineData(true, 0.25f)]
    public void Cost_and_gradient_are_those_of_the_formula(bool weighted, float smoothing)
    {
        TrainingOptions options = Options(weighted, smoothing);
        ReferenceNetwork reference = s_case.Network;
        Network network = reference.ToNetwork();
        float cost = new Trainer(network, options with { LearningRate = 1 }).Step(s_case.Inputs(), s_case.Classes());
        Assert.Equal(Cost(reference, options), cost, CostBound(reference, options));
        AssertIsDescent(reference, network, options);
    }

    /// <summary>With a rate of 1 the first step of momentum is minus the gradient, which here is a block of its own.</summary>
    [Theory]
    [InlineData(true, 0f)]
    [InlineData(true, 0.25f)]
    public void Other_optimisers_get_the_same_gradient(bool weighted, float smoothing)
    {
        TrainingOptions options = Options(weighted, smoothing) with { LearningRate = 1, Momentum = 0.5f };
        Network network = s_case.Network.ToNetwork();
        new Trainer(network, options).Step(s_case.Inputs(), s_case.Classes());
        AssertIsDescent(s_case.Network, network, options);
    }

    /// <summary>
    /// A weight that all classes have is no weight, and examples of one class alone have none left: a power of two changes no bit. The cost
    /// without weights is the sum of nine positive terms in another order, nine roundings at most, and the step is the same bits.
    /// </summary>
    [Fact]
    public void A_weighted_mean_does_not_depend_on_the_scale_of_the_weights()
    {
        static (float Cost, string Digest) StepWith(int[] classes, params float[]? weights)
        {
            Network network = s_case.Network.ToNetwork();
            float cost = new Trainer(network, Options(false, 0) with { ClassWeights = weights }).Step(s_case.Inputs(), classes);
            return (cost, network.ComputeSha256());
        }

        foreach (int[] classes in new[] { s_case.Classes(), new int[9] })
        {
            (float Cost, string Digest) ones = StepWith(classes, 1, 1, 1, 1);
            Assert.Equal(ones, StepWith(classes, 2, 2, 2, 2));
            Assert.Equal(ones, StepWith(classes, 0.125f, 0.125f, 0.125f, 0.125f));
            (float plain, string digest) = StepWith(classes, weights: null);
            Assert.Equal(plain, ones.Cost, 9 * Ulp.Roundoff * plain);
            Assert.Equal(digest, ones.Digest);
        }

        Assert.Equal(StepWith(new int[9], 1, 1, 1, 1), StepWith(new int[9], 0.5f, 3, 1, 0.125f));
    }

    [Fact]
    public void Gives_the_same_bits_at_every_level_and_with_clipping()
    {
        string Digest()
        {
            Network network = s_case.Network.ToNetwork();
            TrainingOptions options = Options(true, 0.1f) with { MaximumGradientNorm = 0.01f, Optimizer = Optimizer.Adam };
            Trainer trainer = new(network, options);
            for (int step = 0; step < 20; step++)
                trainer.Step(s_case.Inputs(), s_case.Classes());
            return network.ComputeSha256();
        }

        Assert.Single(Levels.All.Select(level =>
        {
            SimdSupport.Cap = level;
            return Digest();
        }).Distinct());
    }

    /// <summary>A step of length η times the bound where the gradient is longer, and the plain step where it is not.</summary>
    [Theory]
    [InlineData(0f)]
    [InlineData(0.5f)]
    public void A_gradient_is_cut_to_the_largest_norm(float momentum)
    {
        TrainingOptions plain = new() { BatchSize = 9, LearningRate = 1, Momentum = momentum };
        double Length(TrainingOptions options)
        {
            Network network = s_case.Network.ToNetwork();
            float[] before = network.Parameters.ToArray();
            new Trainer(network, options).Step(s_case.Inputs(), s_case.Classes());
            return Math.Sqrt(before.Select((value, i) => Math.Pow(value - network.Parameters[i], 2)).Sum());
        }

        double whole = Length(plain);
        Assert.True(whole > 0.1);
        // Each of 58 differences is a rounding of a parameter under 4 off.
        Assert.Equal(0.01, Length(plain with { MaximumGradientNorm = 0.01f }), 8 * 4.0 / (1 << 24));
        Assert.Equal(0.75 * whole, Length(plain with { MaximumGradientNorm = 0.75f * (float)whole }), 8 * 4.0 / (1 << 24));
        Assert.Equal(whole, Length(plain with { MaximumGradientNorm = 2 * (float)whole }), 8 * 4.0 / (1 << 24));
    }

    [Fact]
    public void Refuses_what_it_cannot_weigh()
    {
        Network network = s_case.Network.ToNetwork();
        void Refused(string name, TrainingOptions options) => Assert.Throws<ArgumentException>(name, () => new Trainer(network, options));
        Refusal.Of<ArgumentException>(
            "ClassWeights", () => _ = new Trainer(network, new TrainingOptions { ClassWeights = [1, 2, 3] }), 4, 3);
        foreach (float weight in new[] { 0, -1, float.NaN, float.PositiveInfinity })
            Refused("ClassWeights", new TrainingOptions { ClassWeights = [1, 2, 3, weight] });
        foreach (float smoothing in new[] { -0.1f, 1, float.NaN })
            Refused("LabelSmoothing", new TrainingOptions { LabelSmoothing = smoothing });
        foreach (float norm in new[] { 0, -1, float.NaN, float.PositiveInfinity })
            Refused("MaximumGradientNorm", new TrainingOptions { MaximumGradientNorm = norm });
        Refused("Patience", new TrainingOptions { Patience = 0 });
        Assert.Throws<InvalidOperationException>(() => new Trainer(network, Options(true, 0)).Step(new float[5], [1, 0, 0, 0], 1));
        Refusal.Of<ArgumentException>("classes", () => new Trainer(network, Options(true, 0)).Step(new float[10], [1, 4]), 1, 4);
    }

    private static TrainingOptions Options(bool weighted, float smoothing) => new()
    {
        BatchSize = 9,
        ClassWeights = weighted ? s_weights : null,
        LabelSmoothing = smoothing,
    };

    private static double Cost(ReferenceNetwork network, TrainingOptions options)
    {
        double[][] inputs = NetworkCase.Rows(s_case.Inputs(), 5);
        int[] classes = s_case.Classes();
        double total = 0;
        double weights = 0;
        double WeightOf(int c) => options.ClassWeights?[c] ?? 1;
        for (int row = 0; row < inputs.Length; row++)
        {
            double[] logarithms = Array.ConvertAll(network.Predict(inputs[row]), Math.Log);
            double hot = -WeightOf(classes[row]) * logarithms[classes[row]];
            double smooth = -logarithms.Select((logarithm, c) => WeightOf(c) * logarithm).Sum();
            total += (1 - (double)options.LabelSmoothing) * hot + options.LabelSmoothing / 4.0 * smooth;
            weights += WeightOf(classes[row]);
        }

        return total / weights;
    }

    /// <summary>
    /// The rows as cross-entropies with targets t of sum 1, times s: for the bounds alone. The largest s over the mean weight is what a row
    /// counts more than in a plain mean.
    /// </summary>
    private static (double[][] Targets, double Factor) AsTargets(TrainingOptions options)
    {
        int[] classes = s_case.Classes();
        double WeightOf(int c) => options.ClassWeights?[c] ?? 1;
        double Term(int row, int c) =>
            (c == classes[row] ? (1 - options.LabelSmoothing) * WeightOf(c) : 0) + options.LabelSmoothing / 4.0 * WeightOf(c);
        double[][] terms = [.. Enumerable.Range(0, 9).Select(row => Enumerable.Range(0, 4).Select(c => Term(row, c)).ToArray())];
        double largest = terms.Max(row => row.Sum());
        return ([.. terms.Select(row => Array.ConvertAll(row, term => term / row.Sum()))], Math.Max(1, largest / classes.Average(WeightOf)));
    }

    /// <summary>
    /// ln a is off by the relative error of a; the logarithm (2u), target (3u), four sums, s and the mean (5u) round Σ t |ln a| on top.
    /// </summary>
    private static double CostBound(ReferenceNetwork network, TrainingOptions options)
    {
        double worst = 0;
        foreach (double[] input in NetworkCase.Rows(s_case.Inputs(), 5))
        {
            double[] outputs = network.Predict(input);
            double[] errors = ReferenceErrorBound.Activations(network, input)[^1];
            for (int j = 0; j < outputs.Length; j++)
                worst = Math.Max(worst, errors[j] / outputs[j] + 14 * Ulp.Roundoff * Math.Abs(Math.Log(outputs[j])));
        }

        return AsTargets(options).Factor * worst;
    }

    /// <summary>
    /// With a rate of 1 the step is minus the gradient, which differences of the cost in double confirm: those over four points, whose error
    /// h⁴/30 |C⁽⁵⁾| + 10⁻¹⁶/h is far below 10⁻¹⁰. The step errs as much as one with the targets t, times the factor; targets (3u), s and its
    /// product (3u) and the division by the sum of weights (2u) move a δ below 1, which reaches a gradient times Σ|w| / 4 &lt; 1.
    /// </summary>
    private static void AssertIsDescent(ReferenceNetwork reference, Network after, TrainingOptions options)
    {
        const double H = 1e-3;
        const double OfDifferences = 1e-10;
        (double[][] targets, double factor) = AsTargets(options);
        ReferenceParameters bounds = ReferenceErrorBound.Step(reference, NetworkCase.Rows(s_case.Inputs(), 5), targets, 1);
        ReferenceParameters parameters = reference.Parameters;
        ReferenceParameters now = ReferenceParameters.FromBlock(after.Layout, after.Parameters);
        void Check(ref double value, double afterwards, double bound, string name)
        {
            double before = value;
            double[] costs = new double[5];
            for (int i = 0; i < costs.Length; i++)
            {
                value = before + (i - 2) * H;
                costs[i] = Cost(reference, options);
            }

            value = before;
            double gradient = (costs[0] - 8 * costs[1] + 8 * costs[3] - costs[4]) / (12 * H);
            double error = Math.Abs(before - afterwards - gradient);
            Expect.That(error <= factor * (bound + 8 * Ulp.Roundoff) + OfDifferences, $"{name}: {before} became {afterwards}, off by {error}");
        }

        for (int layer = 1; layer < parameters.Weights.Length; layer++)
        {
            for (int i = 0; i < parameters.Weights[layer].GetLength(0); i++)
                for (int j = 0; j < parameters.Weights[layer].GetLength(1); j++)
                    Check(ref parameters.Weights[layer][i, j], now.Weights[layer][i, j], bounds.Weights[layer][i, j], $"weight {layer} [{i}, {j}]");
            for (int j = 0; j < parameters.Biases[layer].Length; j++)
                Check(ref parameters.Biases[layer][j], now.Biases[layer][j], bounds.Biases[layer][j], $"bias {layer} [{j}]");
        }
    }
}
