using System.Globalization;
using Backprop.Data;
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
        HashSet<int> biases = Enumerable.Range(1, 2)
            .SelectMany(layer => Enumerable.Range(0, network.Layers[layer]).Select(j => network.Layout.BiasIndex(layer, j)))
            .ToHashSet();
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
    [InlineData(0f, 0f)]
    [InlineData(0.9f, 0f)]
    [InlineData(0f, 0.01f)]
    public void Learns_what_can_be_separated(float momentum, float l2)
    {
        Network network = Fresh();
        List<EpochReport> seen = [];
        TrainingOptions options = new() { Epochs = 60, BatchSize = 7, Momentum = momentum, L2 = l2 };
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
            sampler.StartEpoch();
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
        foreach (float momentum in new[] { 0f, 0.9f })
        {
            NetworkCase random = new("30-20-10", Batch: 16, Seed: 33);
            float[] inputs = random.Inputs();
            int[] classes = random.Classes();
            float[] targets = random.SoftTargets();
            TrainingOptions options = new() { BatchSize = 16, Momentum = momentum, L2 = 0.1f, TrainingSetSize = 100 };
            Trainer trainer = new(random.Network.ToNetwork(), options);
            void Work(int rows)
            {
                trainer.Step(inputs.AsSpan(0, rows * 30), classes.AsSpan(0, rows));
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
    public void Refuses_a_rate_out_of_range(string option, float value)
    {
        TrainingOptions options = option switch
        {
            nameof(TrainingOptions.LearningRate) => new TrainingOptions { LearningRate = value },
            nameof(TrainingOptions.L2) => new TrainingOptions { L2 = value },
            _ => new TrainingOptions { Momentum = value },
        };
        ArgumentException exception = Assert.Throws<ArgumentException>(option, () => new Trainer(Fresh(), options));
        Assert.Contains($"got {value.ToString(CultureInfo.InvariantCulture)}", exception.Message, StringComparison.Ordinal);
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
