using System.Numerics.Tensors;
using Backprop.Kernels;
using Backprop.Networks;
using Backprop.Tests.Networks;
using Backprop.Tests.Support;
using Backprop.Training;
using Xunit;

namespace Backprop.Tests.Training;

public class OptimizerTests
{
    /// <summary>Two steps with v ← μ v − η (g + λ/n w), w ← w + v, against the formula in double on the float gradient.</summary>
    [Fact]
    public void Momentum_carries_the_velocity_on()
    {
        NetworkCase random = new("6-17-3", Batch: 4, Seed: 32);
        Network network = random.Network.ToNetwork();
        Trainer trainer = new(network, new TrainingOptions { Momentum = 0.9f, L2 = 3, TrainingSetSize = 100, LearningRate = 0.25f });
        float[] gradient = new float[network.Layout.Length];
        double[] velocity = new double[network.Layout.Length];
        HashSet<int> biases = BiasIndices(network);
        for (int step = 0; step < 2; step++)
        {
            float[] before = network.Parameters.ToArray();
            network.Gradient(random.Inputs(), random.Classes(), 4, new Workspace(network, 4), gradient);
            trainer.Step(random.Inputs(), random.Classes());
            for (int i = 0; i < before.Length; i++)
            {
                double decay = biases.Contains(i) ? 0 : 0.03;
                velocity[i] = 0.9 * velocity[i] - 0.25 * (gradient[i] + decay * before[i]);
                // At most eight roundings of terms whose magnitudes sum to less than 4.
                Assert.Equal(before[i] + velocity[i], network.Parameters[i], 32.0 / (1 << 24));
            }
        }

        NetworkTests.AssertPaddingIsZero(network.Layout, network.Parameters);
    }

    /// <summary>
    /// Three steps against the formulas in double on the float gradients: at most ten roundings a step of terms under 4, and the decay of
    /// weights alone.
    /// </summary>
    [Theory]
    [InlineData(Optimizer.Nesterov, 0.9f)]
    [InlineData(Optimizer.RmsProp, 0f)]
    [InlineData(Optimizer.Adam, 0f)]
    [InlineData(Optimizer.AdamW, 0f)]
    public void An_optimiser_keeps_its_memory_from_step_to_step(Optimizer optimizer, float momentum)
    {
        NetworkCase random = new("6-17-3", Batch: 4, Seed: 35);
        Network network = random.Network.ToNetwork();
        TrainingOptions options = new()
        {
            Optimizer = optimizer,
            Momentum = momentum,
            L2 = optimizer == Optimizer.AdamW ? 0 : 3,
            TrainingSetSize = 100,
            WeightDecay = 0.25f,
            LearningRate = 0.0625f,
            Epsilon = 0.125f,
        };
        Trainer trainer = new(network, options);
        HashSet<int> biases = BiasIndices(network);
        float[] gradient = new float[network.Layout.Length];
        double[] first = new double[gradient.Length];
        double[] second = new double[gradient.Length];
        for (int step = 1; step <= 3; step++)
        {
            float[] before = network.Parameters.ToArray();
            network.Gradient(random.Inputs(), random.Classes(), 4, new Workspace(network, 4), gradient);
            trainer.Step(random.Inputs(), random.Classes());
            for (int i = 0; i < before.Length; i++)
            {
                double g = gradient[i] + (biases.Contains(i) || optimizer == Optimizer.AdamW ? 0 : 0.03 * before[i]);
                double expected = Formula(optimizer, step, g, before[i], biases.Contains(i), ref first[i], ref second[i]);
                Assert.Equal(expected, network.Parameters[i], step * 40.0 / (1 << 24));
            }
        }

        NetworkTests.AssertPaddingIsZero(network.Layout, network.Parameters);
    }

    /// <summary>
    /// With W² = b² = 0 and uniform targets every delta is exactly zero, so that only the decay is left; 1 − 0.5 · 0.5 / 1 = 0.75 and
    /// multiples of 1/8 make it exact.
    /// </summary>
    [Theory]
    [InlineData(0f)]
    [InlineData(0.5f)]
    public void L2_decays_weights_and_not_biases(float momentum)
    {
        Network network = new(3, 5, 4);
        float[] weights = Enumerable.Range(1, 15).Select(value => value / 8f).ToArray();
        network.SetWeights(1, weights);
        network.SetBiases(1, [1, 2, 3, 4, 5]);
        TrainingOptions options = new() { LearningRate = 0.5f, L2 = 0.5f, Momentum = momentum, TrainingSetSize = 1 };
        new Trainer(network, options).Step([0.1f, 0.2f, 0.3f], [0.25f, 0.25f, 0.25f, 0.25f], 1);
        float[] after = new float[15];
        float[] biases = new float[5];
        network.GetWeights(1, after);
        network.GetBiases(1, biases);
        Assert.Equal(Array.ConvertAll(weights, weight => 0.75f * weight), after);
        Assert.Equal([1, 2, 3, 4, 5], biases);
    }

    /// <summary>
    /// Two replicas of a network, each with half of a batch: their gradients are averaged (the all-reduce of a data-parallel program) and
    /// both apply the same update. Both then hold the same bits, those of the whole batch up to the rounding of the mean.
    /// </summary>
    [Fact]
    public void A_caller_may_reduce_gradients_and_apply_its_own_update()
    {
        NetworkCase random = new("6-17-3", Batch: 8, Seed: 36);
        Network whole = random.Network.ToNetwork();
        Network[] replicas = [random.Network.ToNetwork(), random.Network.ToNetwork()];
        float[][] gradients = [new float[whole.Layout.Length], new float[whole.Layout.Length]];
        float[][] velocities = [new float[whole.Layout.Length], new float[whole.Layout.Length]];
        Trainer trainer = new(whole, new TrainingOptions { Momentum = 0.9f, LearningRate = 0.25f });
        for (int step = 0; step < 3; step++)
        {
            trainer.Step(random.Inputs(), random.Classes());
            for (int half = 0; half < 2; half++)
            {
                ReadOnlySpan<float> inputs = random.Inputs().AsSpan(half * 4 * 6, 4 * 6);
                ReadOnlySpan<int> classes = random.Classes().AsSpan(half * 4, 4);
                replicas[half].Gradient(inputs, classes, 4, new Workspace(replicas[half], 4), gradients[half]);
            }

            TensorPrimitives.Add(gradients[0], gradients[1], gradients[0]);
            TensorPrimitives.Multiply(gradients[0], 0.5f, gradients[0]);
            for (int half = 0; half < 2; half++)
                Kernel.MomentumUpdate(gradients[0], 0.25f, 0.9f, 0, velocities[half], replicas[half].MutableParameters);
        }

        Assert.Equal(replicas[0].ComputeSha256(), replicas[1].ComputeSha256());
        // Each of three gradients differs by a few roundings of terms under 1, carried on by 0.25 (1 + 1.9 + 2.71).
        for (int i = 0; i < whole.Parameters.Length; i++)
            Assert.Equal(whole.Parameters[i], replicas[0].Parameters[i], 100.0 / (1 << 24));
        NetworkTests.AssertPaddingIsZero(whole.Layout, replicas[0].Parameters);
    }

    [Fact]
    public void The_padding_can_be_cleared_after_an_update_that_fills_it()
    {
        Network network = new NetworkCase("6-17-3", Batch: 1, Seed: 37).Network.ToNetwork();
        string before = network.ComputeSha256();
        network.MutableParameters.Replace(0, 7);
        network.Layout.ClearPadding(network.MutableParameters);
        NetworkTests.AssertPaddingIsZero(network.Layout, network.Parameters);
        Assert.Equal(before, network.ComputeSha256());
        Refusal.Of<ArgumentException>("block", () => network.Layout.ClearPadding(new float[5]), network.Layout.Length, 5);
    }

    private static double Formula(
        Optimizer optimizer, int step, double g, double w, bool isBias, ref double first, ref double second)
    {
        const double Rate = 0.0625;
        const double Epsilon = 0.125;
        switch (optimizer)
        {
            case Optimizer.Nesterov:
                first = 0.9 * first - Rate * g;
                return w + 0.9 * first - Rate * g;
            case Optimizer.RmsProp:
                first = 0.99 * first + 0.01 * g * g;
                return w - Rate * g / (Math.Sqrt(first) + Epsilon);
            default:
                first = 0.9 * first + 0.1 * g;
                second = 0.999 * second + 0.001 * g * g;
                double kept = optimizer == Optimizer.AdamW && !isBias ? (1 - Rate * 0.25) * w : w;
                double root = Math.Sqrt(second / (1 - Math.Pow(0.999, step)));
                return kept - Rate * first / (1 - Math.Pow(0.9, step)) / (root + Epsilon);
        }
    }

    private static HashSet<int> BiasIndices(Network network) =>
        Enumerable.Range(1, network.Depth)
            .SelectMany(layer => Enumerable.Range(0, network.Layers[layer]).Select(j => network.Layout.BiasIndex(layer, j)))
            .ToHashSet();
}
