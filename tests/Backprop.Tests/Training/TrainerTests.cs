using System.Diagnostics;
using Backprop.Data;
using Backprop.Networks;
using Backprop.Tests.Support;
using Backprop.Training;
using Xunit;
using static Backprop.Tests.Training.SmallTraining;

namespace Backprop.Tests.Training;

public class TrainerTests
{
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

    /// <summary>A network that is always wrong has a best epoch too, the first.</summary>
    [Fact]
    public void An_accuracy_of_zero_may_be_the_best()
    {
        Network network = Fresh();
        float[] activations = network.Predict([0.5f, 0.5f]);
        int wrong = (Array.IndexOf(activations, activations.Max()) + 1) % 3;
        LabelledExamples validation = new([0.5f, 0.5f], [wrong], 2, 3);
        TrainingResult result = Train(network, new TrainingOptions { Epochs = 9, LearningRate = 0, Patience = 2 }, Corners(count: 9), validation);
        Assert.Equal(0, result.Epochs[0].ValidationAccuracy);
        Assert.Equal((1, 3), (result.BestValidationEpoch, result.Epochs.Count));
        Assert.NotNull(result.Best);
    }

    [Fact]
    public void The_best_network_is_that_of_the_best_epoch()
    {
        Network network = Fresh();
        List<string> digests = [];
        TrainingOptions options = new() { Epochs = 25, LearningRate = 0.2f };
        TrainingResult result = Train(network, options, Corners(count: 90), Corners(count: 40), _ => digests.Add(network.ComputeSha256()));
        Assert.InRange(result.BestValidationEpoch, 2, 24);
        Assert.Equal(digests[result.BestValidationEpoch - 1], result.Best!.ComputeSha256());
    }

    [Fact]
    public void After_a_training_that_is_finished_another_begins()
    {
        Network network = Fresh();
        Trainer trainer = new(network, new TrainingOptions { Epochs = 2 });
        LabelledExamples examples = Corners(count: 30);
        TrainingResult first = trainer.Train(examples, cancellationToken: TestContext.Current.CancellationToken);
        string between = network.ComputeSha256();
        TrainingResult second = trainer.Train(examples, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([1, 2], second.Epochs.Select(report => report.Epoch));
        Assert.NotEqual(between, network.ComputeSha256());
        Assert.True(second.Epochs[0].TrainCost < first.Epochs[0].TrainCost);
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

    /// <summary>With a rate of zero the network stays what it is; weights change what a cost is and not what is right.</summary>
    [Fact]
    public void Accuracy_counts_examples_whatever_their_weight()
    {
        LabelledExamples examples = Corners(count: 23);
        Network network = Fresh();
        TrainingOptions options = new() { Epochs = 1, LearningRate = 0, ClassWeights = [3, 5, 7] };
        Assert.Equal(Evaluator.Evaluate(network, examples).Accuracy, Train(network, options, examples).Epochs[0].TrainAccuracy);
    }

    /// <summary>A report of progress that takes its time is no part of the time of an epoch, and the rates are those of the seconds.</summary>
    [Fact]
    public void Seconds_are_those_of_steps_and_not_of_callbacks()
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(300);
        using CancellationTokenSource source = new();
        int calls = 0;
        List<EpochReport> seen = [];
        Trainer trainer = new(Fresh(), new TrainingOptions { Epochs = int.MaxValue });
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Throws<OperationCanceledException>(() => trainer.Train(
            Corners(count: 1_000),
            progress: _ =>
            {
                Thread.Sleep(pause);
                if (++calls == 2)
                    source.Cancel();
            },
            epochFinished: seen.Add,
            cancellationToken: source.Token));
        double seconds = seen.Sum(report => report.Seconds) + trainer.State.Seconds;
        Assert.InRange(seconds, 0, (watch.Elapsed - calls * pause).TotalSeconds);
        Assert.All(seen, report => Assert.Equal(1_000, report.SamplesPerSecond * report.Seconds, 1e-6));
        TrainingResult result = Train(Fresh(), new TrainingOptions { Epochs = 3 }, Corners(count: 100));
        Assert.Equal(300, result.SamplesPerSecond * result.Seconds, 1e-6);
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

    /// <summary>
    /// What is left takes as much longer than what was done as it has more examples, counted from where this training went on: one stopped
    /// within an epoch has done a part of it before.
    /// </summary>
    [Fact]
    public void The_time_that_remains_follows_from_the_examples_since_the_training_went_on()
    {
        const int Count = 500_000;
        const int Epochs = 1_000;
        LabelledExamples examples = new(new float[2 * Count], new int[Count], 2, 3);
        Trainer trainer = new(Fresh(), new TrainingOptions { Epochs = Epochs });
        for (int round = 0; round < 4; round++)
        {
            using CancellationTokenSource source = new();
            double before = (double)trainer.State.Reports.Count * Count + trainer.State.Step * 10.0;
            List<TrainingProgress> seen = [];
            Assert.Throws<OperationCanceledException>(() => trainer.Train(
                examples,
                progress: progress =>
                {
                    seen.Add(progress);
                    source.Cancel();
                },
                cancellationToken: source.Token));
            double done = (seen[0].Epoch - 1.0) * Count + seen[0].ExamplesDone;
            Assert.Equal(seen[0].ExamplesDone, trainer.State.Step * 10);
            double expected = ((double)Epochs * Count - done) / (done - before);
            // Both are multiples of 100 ns, of at least a tenth of a second.
            Assert.Equal(expected, seen[0].Remaining / seen[0].Elapsed, 1e-5 * expected);
            // The time in steps is nearly all of it; what was done before would make it up to four times as much.
            Assert.InRange(seen[0].SamplesPerSecond * seen[0].Elapsed.TotalSeconds, 0.5 * (done - before), 2 * (done - before));
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

    /// <summary>One step, from the cost ln 3 to weights of 2/3 · 4 · 3·10³⁸: no other comes after it that would notice.</summary>
    [Fact]
    public void The_last_step_of_a_training_may_be_the_one_that_diverges()
    {
        TrainingDivergedException exception = Assert.Throws<TrainingDivergedException>(
            () => Train(new Network(2, 3), new TrainingOptions { Epochs = 1, LearningRate = 3e38f }, new LabelledExamples([4, 4], [0], 2, 3)));
        Assert.Equal((1, 1), (exception.Epoch, exception.Step));
    }

    [Fact]
    public void A_validation_cost_that_is_no_number_ends_the_training()
    {
        Network network = new(2, 3);
        network.SetWeights(1, [2, -2, 1, 2, -2, 1]);
        LabelledExamples validation = new([3e38f, 3e38f], [0], 2, 3);
        TrainingDivergedException exception = Assert.Throws<TrainingDivergedException>(
            () => Train(network, new TrainingOptions { Epochs = 3 }, Corners(count: 30), validation));
        Assert.Equal((1, 3), (exception.Epoch, exception.Step));
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
        rates.Clear();
        trainer.Train(
            Corners(count: 10),
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
    public void Refuses_examples_that_do_not_fit()
    {
        void Train(LabelledExamples training, LabelledExamples? validation = null) =>
            SmallTraining.Train(Fresh(), new TrainingOptions(), training, validation);

        LabelledExamples good = Corners(count: 3);
        Assert.Throws<ArgumentNullException>("training", () => Train(null!));
        Refusal.Of<ArgumentException>("training", () => Train(new LabelledExamples([], [], 2, 3)), 1, 0);
        Refusal.Of<ArgumentException>("training", () => Train(new LabelledExamples(new float[3], [0], 3, 3)), 2, 3);
        Refusal.Of<ArgumentException>("training", () => Train(new LabelledExamples(new float[2], [0], 2, 4)), 3, 4);
        Refusal.Of<ArgumentException>("validation", () => Train(good, new LabelledExamples(new float[3], [0], 3, 3)), 2, 3);
        Refusal.Of<ArgumentException>("validation", () => Train(good, new LabelledExamples([], [], 2, 3)), 1, 0);
    }
}
