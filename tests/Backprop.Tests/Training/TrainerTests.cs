using System.Globalization;
using System.Numerics.Tensors;
using Backprop.Data;
using Backprop.Kernels;
using Backprop.Networks;
using Backprop.Tests.Networks;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using Backprop.Training;
using FsCheck.Xunit;
using Xunit;

namespace Backprop.Tests.Training;

[Properties(Arbitrary = [typeof(NetworkCases)])]
public class TrainerTests
{
    [Property(MaxTest = 60)]
    public void A_step_is_that_of_the_reference(NetworkCase random)
    {
        double[][] inputs = NetworkCase.Rows(random.Inputs(), random.Layers[0]);
        double[][] targets = NetworkCase.OneHot(random.Classes(), random.Layers[^1]);
        ReferenceNetwork reference = random.Network;
        Network network = reference.ToNetwork();
        ReferenceParameters bounds = ReferenceErrorBound.Step(reference, inputs, targets, 0.5);
        TrainingOptions options = new() { BatchSize = 17, LearningRate = 0.5f, L2 = 2, TrainingSetSize = 100 };
        new Trainer(network, options).Step(random.Inputs(), random.Classes());
        reference.Step(reference.Gradient(inputs, targets), 0.5, 2 / 100.0);
        Assert.Null(ReferenceParameters.FromBlock(network.Layout, network.Parameters).FirstBeyond(reference.Parameters, bounds));
        NetworkTests.AssertPaddingIsZero(network.Layout, network.Parameters);
    }

    [Fact]
    public void A_step_returns_the_cost_before_it_and_takes_targets_too()
    {
        NetworkCase random = new("6-5-3", Batch: 4, Seed: 31);
        Network network = random.Network.ToNetwork();
        Network byTargets = random.Network.ToNetwork();
        float[] gradient = new float[network.Layout.Length];
        float[] targets = NetworkCase.OneHot(random.Classes(), 3).SelectMany(row => row).Select(y => (float)y).ToArray();
        float expected = network.Gradient(random.Inputs(), random.Classes(), 4, new Workspace(network, 4), gradient);
        Assert.Equal(expected, new Trainer(network, new TrainingOptions()).Step(random.Inputs(), random.Classes()));
        Assert.Equal(expected, new Trainer(byTargets, new TrainingOptions()).Step(random.Inputs(), targets, 4));
        Assert.Equal(network.ComputeSha256(), byTargets.ComputeSha256());
    }

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

    private static HashSet<int> BiasIndices(Network network) =>
        Enumerable.Range(1, network.Depth)
            .SelectMany(layer => Enumerable.Range(0, network.Layers[layer]).Select(j => network.Layout.BiasIndex(layer, j)))
            .ToHashSet();

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

    [Fact]
    public void Training_takes_the_number_of_examples_for_L2()
    {
        LabelledExamples examples = Corners(count: 30);
        TrainingOptions options = new() { Epochs = 2, L2 = 1 };
        Network bySet = Fresh();
        Network byOption = Fresh();
        Network byOther = Fresh();
        Train(bySet, options, examples);
        Train(byOption, options with { TrainingSetSize = 30 }, examples);
        Train(byOther, options with { TrainingSetSize = 300 }, examples);
        Assert.Equal(bySet.ComputeSha256(), byOption.ComputeSha256());
        Assert.NotEqual(bySet.ComputeSha256(), byOther.ComputeSha256());
    }

    [Theory]
    [InlineData(Optimizer.GradientDescent, 0.5f, 0f, 0f)]
    [InlineData(Optimizer.GradientDescent, 0.5f, 0.9f, 0f)]
    [InlineData(Optimizer.GradientDescent, 0.5f, 0f, 0.01f)]
    [InlineData(Optimizer.Nesterov, 0.5f, 0.9f, 0f)]
    [InlineData(Optimizer.RmsProp, 0.01f, 0f, 0.01f)]
    [InlineData(Optimizer.Adam, 0.02f, 0f, 0.01f)]
    [InlineData(Optimizer.AdamW, 0.02f, 0f, 0f)]
    public void Learns_what_can_be_separated(Optimizer optimizer, float rate, float momentum, float l2)
    {
        Network network = Fresh();
        List<EpochReport> seen = [];
        TrainingOptions options = new()
        {
            Epochs = 60,
            BatchSize = 7,
            Optimizer = optimizer,
            LearningRate = rate,
            Momentum = momentum,
            L2 = l2,
        };
        TrainingResult result = Train(network, options, Corners(count: 90), Corners(count: 40), seen.Add);
        Assert.Equal(60, result.Epochs.Count);
        Assert.Equal(result.Epochs, seen);
        Assert.Equal(Enumerable.Range(1, 60), seen.Select(report => report.Epoch));
        Assert.Equal(1, seen[^1].TrainAccuracy);
        Assert.Equal(1, seen[^1].ValidationAccuracy);
        Assert.True(seen[^1].TrainCost < 0.2 * seen[0].TrainCost);
        Assert.InRange(result.BestValidationEpoch, 1, 60);
        Assert.Equal(seen.Max(report => report.ValidationAccuracy), seen[result.BestValidationEpoch - 1].ValidationAccuracy);
        Assert.True(seen.Take(result.BestValidationEpoch - 1).All(report => report.ValidationAccuracy < 1));
        Assert.Equal(seen.Sum(report => report.Seconds), result.Seconds, 1e-6);
    }

    /// <summary>With a rate of zero the first epoch stays the best; two more without a better one end the training.</summary>
    [Fact]
    public void Patience_ends_a_training_that_gets_no_better()
    {
        TrainingOptions options = new() { Epochs = 50, LearningRate = 0, Patience = 2 };
        TrainingResult stopped = Train(Fresh(), options, Corners(count: 30), Corners(count: 20));
        Assert.Equal(3, stopped.Epochs.Count);
        Assert.Equal(1, stopped.BestValidationEpoch);
        TrainingResult learning = Train(Fresh(), options with { LearningRate = 0.1f, Epochs = 20, Patience = 1 }, Corners(count: 30), Corners(count: 20));
        int last = learning.Epochs.Count;
        Assert.Equal(last - 1, learning.BestValidationEpoch);
        Assert.Throws<ArgumentNullException>("validation", () => Train(Fresh(), options, Corners(count: 30)));
    }

    [Fact]
    public void Without_validation_there_is_no_best_epoch()
    {
        TrainingResult result = Train(Fresh(), new TrainingOptions { Epochs = 1 }, Corners(count: 9));
        Assert.Equal(0, result.BestValidationEpoch);
        Assert.Null(result.Epochs[0].ValidationAccuracy);
        Assert.Null(result.Epochs[0].ValidationCost);
    }

    [Fact]
    public void The_cost_of_an_epoch_is_the_mean_over_its_examples()
    {
        // With a learning rate of zero every step sees the same network; the last batch of the epoch is smaller.
        LabelledExamples examples = Corners(count: 23);
        Network network = Fresh();
        double expected = Evaluator.Evaluate(network, examples).Cost;
        TrainingResult result = Train(network, new TrainingOptions { Epochs = 1, LearningRate = 0 }, examples);
        Assert.Equal(expected, result.Epochs[0].TrainCost, 8.0 / (1 << 24) * expected);
    }

    [Fact]
    public void A_seed_decides_everything_and_epochs_differ()
    {
        string Digest(ulong seed, int epochs)
        {
            Network network = Fresh();
            Train(network, new TrainingOptions { Epochs = epochs, Seed = seed }, Corners(count: 33));
            return network.ComputeSha256();
        }

        Assert.Equal(Digest(1, 3), Digest(1, 3));
        Assert.NotEqual(Digest(1, 3), Digest(2, 3));
        Assert.NotEqual(Digest(1, 1), Digest(1, 2));
    }

    [Fact]
    public void Each_epoch_shows_every_example_once_in_another_order()
    {
        float[] numbers = Enumerable.Range(0, 25).Select(value => (float)value).ToArray();
        BatchSampler sampler = new(new LabelledExamples(numbers, new int[25], 1, 1), 10, seed: 4);
        List<float[]> orders = [];
        for (int epoch = 0; epoch < 3; epoch++)
        {
            List<float> order = [];
            List<int> sizes = [];
            sampler.StartEpoch(epoch + 1);
            while (sampler.MoveNext())
            {
                order.AddRange(sampler.Inputs);
                sizes.Add(sampler.Classes.Length);
            }

            Assert.Equal([10, 10, 5], sizes);
            Assert.Equal(numbers, order.Order());
            orders.Add([.. order]);
        }

        Assert.Equal(3, orders.DistinctBy(order => string.Join(' ', order)).Count());
    }

    [Fact]
    public void A_batch_may_be_larger_than_the_set()
    {
        Network network = Fresh();
        TrainingResult result = Train(network, new TrainingOptions { Epochs = 2, BatchSize = 100 }, Corners(count: 5));
        Assert.Equal(2, result.Epochs.Count);
    }

    [Fact]
    public void Cancelling_leaves_the_network_as_it_was_after_the_last_step()
    {
        Network network = Fresh();
        using CancellationTokenSource source = new();
        string atCancel = "";
        Trainer trainer = new(network, new TrainingOptions { Epochs = 50 });
        Assert.Throws<OperationCanceledException>(() => trainer.Train(
            Corners(count: 30),
            epochFinished: report =>
            {
                if (report.Epoch != 2)
                    return;
                atCancel = network.ComputeSha256();
                source.Cancel();
            },
            cancellationToken: source.Token));
        Assert.Equal(atCancel, network.ComputeSha256());
        Assert.All(network.Predict([0.5f, 0.5f]), value => Assert.InRange(value, 0, 1));
        Assert.Single(Train(network, new TrainingOptions { Epochs = 1 }, Corners(count: 30)).Epochs);
    }

    [Fact]
    public void Progress_is_reported_ten_times_a_second_at_most()
    {
        using CancellationTokenSource source = new();
        List<TrainingProgress> seen = [];
        Assert.Throws<OperationCanceledException>(() => new Trainer(Fresh(), new TrainingOptions { Epochs = int.MaxValue }).Train(
            Corners(count: 100),
            progress: progress =>
            {
                seen.Add(progress);
                if (seen.Count == 3)
                    source.Cancel();
            },
            cancellationToken: source.Token));
        Assert.Equal(3, seen.Count);
        Assert.True(seen[2].Elapsed >= TimeSpan.FromMilliseconds(300));
        foreach (TrainingProgress progress in seen)
        {
            Assert.Equal(int.MaxValue, progress.Epochs);
            Assert.Equal(100, progress.Examples);
            Assert.InRange(progress.ExamplesDone, 1, 100);
            Assert.True(progress.RunningCost > 0 && progress.SamplesPerSecond > 0 && progress.Remaining > progress.Elapsed);
        }
    }

    [Fact]
    public void Divergence_says_where_and_what_to_change()
    {
        Network network = Fresh();
        TrainingDivergedException exception = Assert.Throws<TrainingDivergedException>(
            () => Train(network, new TrainingOptions { LearningRate = 3e38f }, Corners(count: 60)));
        Assert.Equal(1, exception.Epoch);
        Assert.InRange(exception.Step, 2, 6);
        Assert.Contains($"epoch 1, step {exception.Step}", exception.Message, StringComparison.Ordinal);
        Assert.Contains("learning rate (it is 3E+38)", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_follows_the_schedule_and_single_steps_the_property()
    {
        LearningRateSchedule schedule = LearningRateSchedule.Exponential(0.5f).WithWarmUp(1);
        Trainer trainer = new(Fresh(), new TrainingOptions { Epochs = 3, BatchSize = 5, LearningRate = 0.8f, Schedule = schedule });
        List<float> rates = [];
        trainer.Train(
            Corners(count: 12),
            epochFinished: _ => rates.Add(trainer.LearningRate),
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([0.8f, 0.8f, 0.4f], rates);

        Network byProperty = Fresh();
        Network byOption = Fresh();
        new Trainer(byProperty, new TrainingOptions()) { LearningRate = 0.1f }.Step([0.5f, 1], [0]);
        new Trainer(byOption, new TrainingOptions { LearningRate = 0.1f }).Step([0.5f, 1], [0]);
        Assert.Equal(byOption.ComputeSha256(), byProperty.ComputeSha256());
        Assert.Throws<ArgumentOutOfRangeException>("value", () => trainer.LearningRate = float.NaN);
        TrainingOptions allWarmUp = new() { Epochs = 3, Schedule = schedule.WithWarmUp(3) };
        Refusal.Of<ArgumentException>("Schedule", () => _ = new Trainer(Fresh(), allWarmUp), 3);
    }

    [Fact]
    public void A_step_from_a_cost_that_is_no_number_changes_nothing()
    {
        Network network = Fresh();
        string before = network.ComputeSha256();
        Assert.True(float.IsNaN(new Trainer(network, new TrainingOptions()).Step([float.NaN, 1], [0])));
        Assert.Equal(before, network.ComputeSha256());
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        foreach ((Optimizer optimizer, bool plain) in Enum.GetValues<Optimizer>().SelectMany(o => new[] { (o, true), (o, false) }))
        {
            float momentum = optimizer == Optimizer.Nesterov ? 0.9f : 0;
            float l2 = optimizer == Optimizer.AdamW ? 0 : 0.1f;
            NetworkCase random = new("30-20-10", Batch: 16, Seed: 33);
            float[] inputs = random.Inputs();
            int[] classes = random.Classes();
            float[] targets = random.SoftTargets();
            TrainingOptions options = new()
            {
                Optimizer = optimizer,
                BatchSize = 16,
                Momentum = momentum,
                L2 = l2,
                TrainingSetSize = 100,
                MaximumGradientNorm = plain ? null : 0.01f,
                LabelSmoothing = plain ? 0 : 0.1f,
            };
            Trainer trainer = new(random.Network.ToNetwork(), options);
            void Work(int rows)
            {
                trainer.Step(inputs.AsSpan(0, rows * 30), classes.AsSpan(0, rows));
                if (plain)
                    trainer.Step(inputs.AsSpan(0, rows * 30), targets.AsSpan(0, rows * 10), rows);
            }

            Work(16);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int rows = 1; rows <= 16; rows++)
                Work(rows);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Theory]
    [InlineData(nameof(TrainingOptions.LearningRate), float.NaN)]
    [InlineData(nameof(TrainingOptions.LearningRate), -0.1f)]
    [InlineData(nameof(TrainingOptions.LearningRate), float.PositiveInfinity)]
    [InlineData(nameof(TrainingOptions.L2), float.NaN)]
    [InlineData(nameof(TrainingOptions.L2), -1f)]
    [InlineData(nameof(TrainingOptions.L2), float.PositiveInfinity)]
    [InlineData(nameof(TrainingOptions.Momentum), float.NaN)]
    [InlineData(nameof(TrainingOptions.Momentum), -0.1f)]
    [InlineData(nameof(TrainingOptions.Momentum), 1f)]
    [InlineData(nameof(TrainingOptions.Beta1), 1f)]
    [InlineData(nameof(TrainingOptions.Beta2), -0.1f)]
    [InlineData(nameof(TrainingOptions.Rho), float.NaN)]
    [InlineData(nameof(TrainingOptions.Epsilon), 0f)]
    [InlineData(nameof(TrainingOptions.WeightDecay), -1f)]
    public void Refuses_a_rate_out_of_range(string option, float value)
    {
        TrainingOptions options = option switch
        {
            nameof(TrainingOptions.LearningRate) => new TrainingOptions { LearningRate = value },
            nameof(TrainingOptions.L2) => new TrainingOptions { L2 = value },
            nameof(TrainingOptions.Momentum) => new TrainingOptions { Momentum = value },
            nameof(TrainingOptions.Beta1) => new TrainingOptions { Beta1 = value },
            nameof(TrainingOptions.Beta2) => new TrainingOptions { Beta2 = value },
            nameof(TrainingOptions.Rho) => new TrainingOptions { Rho = value },
            nameof(TrainingOptions.Epsilon) => new TrainingOptions { Epsilon = value },
            _ => new TrainingOptions { WeightDecay = value },
        };
        ArgumentException exception = Assert.Throws<ArgumentException>(option, () => new Trainer(Fresh(), options));
        Assert.Contains($"got {value.ToString(CultureInfo.InvariantCulture)}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_options_that_do_not_go_together()
    {
        TrainingOptions nesterov = new() { Optimizer = Optimizer.Nesterov };
        Refusal.Of<ArgumentException>("Momentum", () => _ = new Trainer(Fresh(), nesterov), 0);
        foreach (Optimizer optimizer in new[] { Optimizer.RmsProp, Optimizer.Adam, Optimizer.AdamW })
        {
            TrainingOptions options = new() { Optimizer = optimizer, Momentum = 0.5f };
            ArgumentException problem = Assert.Throws<ArgumentException>("Momentum", () => new Trainer(Fresh(), options));
            Assert.Contains(optimizer.ToString(), problem.Message, StringComparison.Ordinal);
        }

        TrainingOptions decaying = new() { Optimizer = Optimizer.AdamW, L2 = 1 };
        ArgumentException decay = Assert.Throws<ArgumentException>("L2", () => new Trainer(Fresh(), decaying));
        Assert.Contains("expected 0 with AdamW, which has a weight decay of its own", decay.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("Optimizer", () => new Trainer(Fresh(), new TrainingOptions { Optimizer = (Optimizer)99 }));
    }

    [Fact]
    public void Refuses_a_count_below_one()
    {
        Refusal.Of<ArgumentException>("Epochs", () => _ = new Trainer(Fresh(), new TrainingOptions { Epochs = 0 }), 1, 0);
        Refusal.Of<ArgumentException>("BatchSize", () => _ = new Trainer(Fresh(), new TrainingOptions { BatchSize = -3 }), 1, -3);
        Refusal.Of<ArgumentException>("Threads", () => _ = new Trainer(Fresh(), new TrainingOptions { Threads = 0 }), 1, 0);
        Refusal.Of<ArgumentException>("TrainingSetSize", () => _ = new Trainer(Fresh(), new TrainingOptions { TrainingSetSize = 0 }), 1, 0);
        Assert.Throws<ArgumentNullException>("network", () => new Trainer(null!, new TrainingOptions()));
        Assert.Throws<ArgumentNullException>("options", () => new Trainer(Fresh(), null!));
    }

    [Fact]
    public void Refuses_batches_that_do_not_fit_and_changes_nothing()
    {
        Network network = Fresh();
        string before = network.ComputeSha256();
        Trainer trainer = new(network, new TrainingOptions { BatchSize = 2 });
        Refusal.Of<ArgumentException>("classes", () => trainer.Step([], Array.Empty<int>()), 1, 0);
        Refusal.Of<ArgumentException>("rows", () => trainer.Step(new float[6], [0, 1, 2]), 2, 3);
        Refusal.Of<ArgumentException>("inputs", () => trainer.Step(new float[3], [0, 1]), 2, 4, 3);
        Refusal.Of<ArgumentException>("classes", () => trainer.Step(new float[4], [0, 3]), 1, 3);
        Refusal.Of<ArgumentOutOfRangeException>("rows", () => trainer.Step([], [], 0), 0);
        Refusal.Of<ArgumentException>("targets", () => trainer.Step(new float[2], [0.5f, 0.5f], 1), 1, 3, 2);
        Refusal.Of<ArgumentException>("targets", () => trainer.Step(new float[2], [0.5f, 0.5f, 0.5f], 1), 0);
        Trainer decaying = new(network, new TrainingOptions { L2 = 1 });
        string message = Assert.Throws<InvalidOperationException>(() => decaying.Step(new float[2], [0])).Message;
        Assert.Contains("TrainingSetSize", message, StringComparison.Ordinal);
        Assert.Equal(before, network.ComputeSha256());
    }

    [Fact]
    public void Refuses_examples_that_do_not_fit()
    {
        void Train(LabelledExamples training, LabelledExamples? validation = null) =>
            TrainerTests.Train(Fresh(), new TrainingOptions(), training, validation);

        LabelledExamples good = Corners(count: 3);
        Assert.Throws<ArgumentNullException>("training", () => Train(null!));
        Refusal.Of<ArgumentException>("training", () => Train(new LabelledExamples([], [], 2, 3)), 1, 0);
        Refusal.Of<ArgumentException>("training", () => Train(new LabelledExamples(new float[3], [0], 3, 3)), 2, 3);
        Refusal.Of<ArgumentException>("training", () => Train(new LabelledExamples(new float[2], [0], 2, 4)), 3, 4);
        Refusal.Of<ArgumentException>("validation", () => Train(good, new LabelledExamples(new float[3], [0], 3, 3)), 2, 3);
        Refusal.Of<ArgumentException>("validation", () => Train(good, new LabelledExamples([], [], 2, 3)), 1, 0);
    }

    private static TrainingResult Train(
        Network network,
        TrainingOptions options,
        LabelledExamples training,
        LabelledExamples? validation = null,
        Action<EpochReport>? epochFinished = null) =>
        new Trainer(network, options).Train(training, validation, null, epochFinished, TestContext.Current.CancellationToken);

    private static Network Fresh() => new NetworkCase("2-8-3", 1, Seed: 34).Network.ToNetwork();

    /// <summary>Points around three corners of the unit square, far from one another.</summary>
    private static LabelledExamples Corners(int count)
    {
        Random random = new(count);
        float[] inputs = new float[count * 2];
        int[] classes = new int[count];
        for (int i = 0; i < count; i++)
        {
            classes[i] = i % 3;
            inputs[2 * i] = (classes[i] == 1 ? 1 : 0) + 0.2f * random.NextSingle();
            inputs[2 * i + 1] = (classes[i] == 2 ? 1 : 0) + 0.2f * random.NextSingle();
        }

        return new LabelledExamples(inputs, classes, 2, 3);
    }
}
