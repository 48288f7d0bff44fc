using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Backprop.Data;
using Backprop.Formats;
using Backprop.Networks;
using Backprop.Tests.Data;
using Backprop.Training;
using Xunit;

namespace Backprop.Tests.Formats;

public class CheckpointTests
{
    private static readonly LabelledExamples s_digits = Digits.Load().Shuffle(3).Slice(0, 200);
    private static readonly LabelledExamples s_training = s_digits.Slice(0, 150);
    private static readonly LabelledExamples s_validation = s_digits.Slice(150, 50);

    public static TheoryData<Optimizer> Optimizers => [.. Enum.GetValues<Optimizer>()];

    /// <summary>
    /// Cancelled from another thread again and again, in the middle of an epoch as a rule, saved, and loaded into a new trainer of a new
    /// network. The delays are drawn from a seed; whichever steps they hit, the result is the same.
    /// </summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void An_interrupted_training_goes_on_to_the_same_bits(Optimizer optimizer)
    {
        TrainingOptions options = OptionsFor(optimizer) with { BatchSize = 2 };
        (TrainingResult expected, string digest) = Run(options);
        using TempFolder folder = new();
        string path = folder.PathOf("c.safetensors");
        Random random = new((int)optimizer);
        int within = 0;
        // ten rounds, and on until one of them was stopped within an epoch
        for (int round = 0; round < 10 || (within == 0 && round < 1_000); round++)
        {
            Trainer trainer = new(Fresh(), options);
            TrainingResult? result = null;
            for (int interruptions = 0; result is null; interruptions++)
            {
                using CancellationTokenSource source = new();
                Thread stop = CancelAfter(source, interruptions == 0 ? 0 : random.Next(2_000));
                try
                {
                    result = trainer.Train(s_training, s_validation, cancellationToken: source.Token);
                }
                catch (OperationCanceledException)
                {
                    within += trainer.State.Step > 0 ? 1 : 0;
                    Checkpoint.Save(trainer, path);
                    trainer = new Trainer(Fresh(), options with { Threads = 1 + random.Next(3) });
                    Checkpoint.Load(path, trainer);
                }

                stop.Join();
            }

            AssertSame(expected, result, $"{optimizer}, round {round}");
            Assert.Equal(digest, trainer.Network.ComputeSha256());
        }

        Assert.True(within > 0, "no interruption fell within an epoch");
    }

    [Fact]
    public void A_checkpoint_after_each_epoch_goes_on_to_the_same_bits_and_notes_come_back()
    {
        TrainingOptions options = OptionsFor(Optimizer.Adam) with { Patience = 2, Epochs = 40 };
        (TrainingResult expected, string digest) = Run(options);
        using TempFolder folder = new();
        Trainer saved = new(Fresh(), options);
        saved.Train(
            s_training,
            s_validation,
            epochFinished: report => Checkpoint.Save(
                saved, folder.PathOf($"{report.Epoch}"), new Dictionary<string, string> { ["epoch"] = $"{report.Epoch}", ["ü"] = "\"\n" }),
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(expected.Epochs.Count < 40);
        for (int epoch = 1; epoch <= expected.Epochs.Count; epoch++)
        {
            Trainer trainer = new(Fresh(), options);
            IReadOnlyDictionary<string, string> notes = Checkpoint.Load(folder.PathOf($"{epoch}"), trainer);
            Assert.Equal(($"{epoch}", "\"\n", 2), (notes["epoch"], notes["ü"], notes.Count));
            TrainingResult result = trainer.Train(s_training, s_validation, cancellationToken: TestContext.Current.CancellationToken);
            AssertSame(expected, result, $"epoch {epoch}");
            Assert.Equal(digest, trainer.Network.ComputeSha256());
        }
    }

    /// <summary>The optimiser's memory with its count of steps, the reports and the best epoch are those of the file.</summary>
    [Fact]
    public void A_trainer_forgets_its_own_steps_for_those_of_a_checkpoint()
    {
        TrainingOptions options = OptionsFor(Optimizer.Adam);
        (TrainingResult expected, string digest) = Run(options);
        using TempFolder folder = new();
        string path = Saved(folder, options);
        Trainer trainer = new(Fresh(), options);
        trainer.Train(s_training, s_validation, cancellationToken: TestContext.Current.CancellationToken);
        Checkpoint.Load(path, trainer);
        TrainingResult result = trainer.Train(s_training, s_validation, cancellationToken: TestContext.Current.CancellationToken);
        AssertSame(expected, result, "after another training");
        Assert.Equal(digest, trainer.Network.ComputeSha256());
    }

    [Fact]
    public void The_same_trainer_goes_on_after_a_cancellation()
    {
        TrainingOptions options = OptionsFor(Optimizer.GradientDescent);
        (TrainingResult expected, string digest) = Run(options);
        Trainer trainer = new(Fresh(), options);
        using CancellationTokenSource source = new();
        Assert.Throws<OperationCanceledException>(
            () => trainer.Train(s_training, s_validation, null, _ => source.Cancel(), source.Token));
        LabelledExamples copy = new(s_training.Inputs.ToArray(), s_training.Classes.ToArray(), 64, 10);
        TrainingResult result = trainer.Train(copy, s_validation, cancellationToken: TestContext.Current.CancellationToken);
        AssertSame(expected, result, "after a cancellation");
        Assert.Equal(digest, trainer.Network.ComputeSha256());
    }

    /// <summary>
    /// A report of progress comes after a step once a tenth of a second has gone by, and with one step an epoch this is the last of one: what
    /// is left of the epoch is its end alone.
    /// </summary>
    [Fact]
    public void A_training_stopped_after_the_last_step_of_an_epoch_goes_on_to_the_same_bits()
    {
        TrainingOptions options = OptionsFor(Optimizer.Adam) with
        {
            BatchSize = 150,
            Epochs = 20,
            Schedule = LearningRateSchedule.Cosine().WithWarmUp(19),
        };
        LabelledExamples few = s_training.Slice(0, 5);
        using TempFolder folder = new();
        Trainer stopped = new(Fresh(), options);
        using CancellationTokenSource source = new();
        Assert.Throws<OperationCanceledException>(
            () => stopped.Train(few, few, _ => source.Cancel(), _ => Thread.Sleep(TimeSpan.FromMilliseconds(150)), source.Token));
        Assert.Equal(1, stopped.State.Step);
        Checkpoint.Save(stopped, folder.PathOf("c"));
        Trainer loaded = new(Fresh(), options);
        Checkpoint.Load(folder.PathOf("c"), loaded);
        Assert.Equal(stopped.State.Seconds, loaded.State.Seconds);
        TrainingResult result = loaded.Train(few, few, cancellationToken: TestContext.Current.CancellationToken);
        Network network = Fresh();
        TrainingResult expected = new Trainer(network, options).Train(few, few, cancellationToken: TestContext.Current.CancellationToken);
        AssertSame(expected, result, "after the last step");
        Assert.Equal(network.ComputeSha256(), loaded.Network.ComputeSha256());
    }

    /// <summary>A batch that diverges was not learned from; whoever lowers nothing and goes on meets it again.</summary>
    [Fact]
    public void A_training_that_diverged_stands_before_the_step_that_did()
    {
        Trainer trainer = new(Fresh(), new TrainingOptions { LearningRate = 3e38f });
        TrainingDivergedException Diverge() => Assert.Throws<TrainingDivergedException>(
            () => trainer.Train(s_training, cancellationToken: TestContext.Current.CancellationToken));
        TrainingDivergedException first = Diverge();
        TrainingDivergedException second = Diverge();
        Assert.Equal((1, first.Step), (second.Epoch, second.Step));
        Assert.Equal(first.Step - 1, trainer.State.Step);
    }

    [Fact]
    public void Refuses_other_examples_options_and_layers_and_changes_nothing()
    {
        TrainingOptions options = OptionsFor(Optimizer.Adam);
        using TempFolder folder = new();
        string path = Saved(folder, options);
        void Refused(string name, Trainer trainer)
        {
            string before = trainer.Network.ComputeSha256();
            ArgumentException problem = Assert.Throws<ArgumentException>(name, () => Checkpoint.Load(path, trainer));
            Assert.Contains(path, problem.Message, StringComparison.Ordinal);
            Assert.Equal(before, trainer.Network.ComputeSha256());
        }

        Refused("layers", new Trainer(new Network(64, 8, 10), options));
        foreach ((string name, TrainingOptions other) in Others(options))
            Refused(name, new Trainer(Fresh(), other));
        Checkpoint.Load(path, new Trainer(Fresh(), options with { Threads = 5 }));

        Trainer loaded = new(Fresh(), options);
        Checkpoint.Load(path, loaded);
        float[] inputs = s_training.Inputs.ToArray();
        inputs[17] += 1;
        LabelledExamples others = new(inputs, s_training.Classes.ToArray(), 64, 10);
        foreach ((LabelledExamples training, LabelledExamples? validation) in
            new (LabelledExamples, LabelledExamples?)[] { (others, s_validation), (s_training, null), (s_validation, s_validation) })
        {
            Assert.Throws<ArgumentException>(
                "training", () => loaded.Train(training, validation, cancellationToken: TestContext.Current.CancellationToken));
        }
    }

    /// <summary>Every byte of the file changed, and the file cut at every length.</summary>
    [Fact]
    public void Refuses_a_damaged_file_and_changes_nothing()
    {
        TrainingOptions options = OptionsFor(Optimizer.GradientDescent) with { BatchSize = 50, Epochs = 2 };
        using TempFolder folder = new();
        string path = Saved(folder, options);
        byte[] good = File.ReadAllBytes(path);
        Trainer trainer = new(Fresh(), options);
        string before = trainer.Network.ComputeSha256();
        int stride = good.Length / 400;
        for (int position = 0; position < good.Length; position += stride)
        {
            byte[] changed = [.. good];
            changed[position] ^= 0x11;
            Refused(changed);
            Refused(good[..position]);
        }

        Refused([.. good, 0]);
        Refused([]);
        Assert.Equal(before, trainer.Network.ComputeSha256());

        void Refused(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            InvalidDataException problem = Assert.Throws<InvalidDataException>(() => Checkpoint.Load(path, trainer));
            Assert.StartsWith(path, problem.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Fields out of their range under a digest that is right.</summary>
    [Theory]
    [InlineData("\"format\":\"backprop checkpoint 1\"", "\"format\":\"backprop checkpoint 2\"", "format")]
    [InlineData("\"epochs\":\"1\"", "\"epochs\":\"2\"", "report.2")]
    [InlineData("\"epochs\":\"1\"", "\"epochs\":\"x\"", "epochs")]
    [InlineData("\"epochs\":\"1\"", "\"epochs\":\"0\"", "13 tensors; expected 9")]
    [InlineData("\"step\":\"0\"", "\"step\":\"9\"", "weight")]
    [InlineData("\"correct\":\"0\"", "\"correct\":\"-\"", "correct")]
    [InlineData("\"cost\":\"0\"", "\"cost\":\"n\"", "cost")]
    [InlineData("\"report.1\":\"", "\"report.1\":\"a", "report.1")]
    [InlineData("\"report.1\":\"", "\"report.1\":\"-", "report.1")]
    [InlineData("\"report.1\":\"", "\"report.1\":\"1 1.5 1 0.5 1 1\",\"rest\":\"", "report.1")]
    [InlineData("\"report.1\":\"", "\"report.1\":\"1 0.5 1 1.5 1 1\",\"rest\":\"", "report.1")]
    [InlineData("\"report.1\":\"", "\"report.1\":\"1 0.5 none 0.5 1 1\",\"rest\":\"", "report.1")]
    [InlineData("\"report.1\":\"", "\"report.1\":\"1 0.5 1 0.5 1 Infinity\",\"rest\":\"", "report.1")]
    [InlineData("\"report.1\":\"", "\"report.1\":\"1 0.5 1 0.5 1 1 1\",\"rest\":\"", "report.1")]
    [InlineData("\"updates\"", "\"updatez\"", "updates")]
    [InlineData("velocity.layers.0.bias", "velocity.layers.0.bios", "velocity.layers.0.bias")]
    public void Refuses_fields_that_cannot_be(string good, string bad, string name)
    {
        TrainingOptions options = OptionsFor(Optimizer.GradientDescent) with { Epochs = 2 };
        using TempFolder folder = new();
        string path = Saved(folder, options);
        byte[] file = File.ReadAllBytes(path);
        byte[] text = Encoding.UTF8.GetBytes(good);
        int place = file.AsSpan().IndexOf(text);
        Assert.True(place > 0, good);
        byte[] changed = [.. file[..place], .. Encoding.UTF8.GetBytes(bad), .. file[(place + text.Length)..]];
        // The header's length is in its first bytes, the digest in the last 32.
        long added = changed.Length - file.Length;
        BitConverter.TryWriteBytes(changed, BitConverter.ToInt64(file) + added);
        SHA256.HashData(changed.AsSpan(0, changed.Length - 32)).CopyTo(changed.AsSpan(changed.Length - 32));
        File.WriteAllBytes(path, changed);
        InvalidDataException problem = Assert.Throws<InvalidDataException>(() => Checkpoint.Load(path, new Trainer(Fresh(), options)));
        Assert.Contains(name, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_nothing_to_save_before_the_start()
    {
        using TempFolder folder = new();
        Trainer trainer = new(Fresh(), new TrainingOptions());
        Assert.Throws<InvalidOperationException>(() => Checkpoint.Save(trainer, folder.PathOf("c")));
        Assert.Throws<FileNotFoundException>(() => Checkpoint.Load(folder.PathOf("c"), trainer));
        Assert.Throws<ArgumentNullException>("trainer", () => Checkpoint.Save(null!, "c"));
        Assert.Throws<ArgumentNullException>("trainer", () => Checkpoint.Load("c", null!));
    }

    private static IEnumerable<(string Name, TrainingOptions Options)> Others(TrainingOptions options) =>
    [
        ("Epochs", options with { Epochs = 7 }),
        ("BatchSize", options with { BatchSize = 8 }),
        ("LearningRate", options with { LearningRate = 0.5f }),
        ("Schedule", options with { Schedule = LearningRateSchedule.Constant }),
        ("Optimizer", options with { Optimizer = Optimizer.RmsProp }),
        ("Beta1", options with { Beta1 = 0.8f }),
        ("Beta2", options with { Beta2 = 0.8f }),
        ("Rho", options with { Rho = 0.8f }),
        ("Epsilon", options with { Epsilon = 0.1f }),
        ("L2", options with { L2 = 3 }),
        ("WeightDecay", options with { WeightDecay = 3 }),
        ("Patience", options with { Patience = 3 }),
        ("ClassWeights", options with { ClassWeights = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }),
        ("LabelSmoothing", options with { LabelSmoothing = 0.2f }),
        ("MaximumGradientNorm", options with { MaximumGradientNorm = 3 }),
        ("Seed", options with { Seed = 3 }),
        ("TrainingSetSize", options with { TrainingSetSize = 3 }),
    ];

    private static TrainingOptions OptionsFor(Optimizer optimizer) => new()
    {
        Epochs = 4,
        BatchSize = 13,
        Optimizer = optimizer,
        Momentum = optimizer is Optimizer.GradientDescent or Optimizer.Nesterov ? 0.5f : 0,
        LearningRate = optimizer is Optimizer.GradientDescent or Optimizer.Nesterov ? 0.25f : 0.01f,
        Schedule = LearningRateSchedule.Cosine().WithWarmUp(1),
        LabelSmoothing = 0.1f,
    };

    private static Network Fresh()
    {
        Network network = new(64, 7, 10);
        Initializer.Initialize(network, Initialization.ScaledNormal, 5);
        return network;
    }

    private static (TrainingResult Result, string Digest) Run(TrainingOptions options)
    {
        Network network = Fresh();
        TrainingResult result = new Trainer(network, options).Train(
            s_training, s_validation, cancellationToken: TestContext.Current.CancellationToken);
        return (result, network.ComputeSha256());
    }

    private static string Saved(TempFolder folder, TrainingOptions options)
    {
        string path = folder.PathOf("c.safetensors");
        Trainer trainer = new(Fresh(), options);
        trainer.Train(
            s_training,
            s_validation,
            epochFinished: report =>
            {
                if (report.Epoch == 1)
                    Checkpoint.Save(trainer, path);
            },
            cancellationToken: TestContext.Current.CancellationToken);
        return path;
    }

    private static Thread CancelAfter(CancellationTokenSource source, int microseconds)
    {
        Thread thread = new(() =>
        {
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start).TotalMicroseconds < microseconds)
                Thread.SpinWait(10);
            source.Cancel();
        });
        thread.Start();
        return thread;
    }

    /// <summary>All but the times.</summary>
    private static void AssertSame(TrainingResult expected, TrainingResult actual, string context)
    {
        Assert.True(Timeless(expected).SequenceEqual(Timeless(actual)), context);
        Assert.Equal(expected.BestValidationEpoch, actual.BestValidationEpoch);
        Assert.Equal(expected.Best!.ComputeSha256(), actual.Best!.ComputeSha256());
    }

    private static IEnumerable<EpochReport> Timeless(TrainingResult result) =>
        result.Epochs.Select(report => report with { Seconds = 0, SamplesPerSecond = 0 });
}
