using Backprop.Data;
using Backprop.Networks;
using Backprop.Simd;
using Backprop.Tests.Support;
using Backprop.Training;
using Xunit;

namespace Backprop.Tests.Training;

/// <summary>
/// The parameters after a training are these bits, at every vector width, with any number of threads, on every platform. To change
/// a digest is to break a promise and takes a decision record.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed class DigestTests : IDisposable
{
    private const string Plain = "0e91ef1e08a06167d63466ab3e6752ece3b5b869873b45a271d97c6110969921";
    private const string WithMomentumAndDecay = "42d9ee19a28f3f45b053162b3578608091ef447c54f7665bb79de7031f2e9224";

    private readonly SimdLevel? _cap = SimdSupport.Cap;

    public void Dispose() => SimdSupport.Cap = _cap;

    public static TheoryData<SimdLevel> AllLevels => [.. Levels.All];

    /// <summary>The digest of what an optimiser trains: of a small network, and of one large enough to be divided among threads.</summary>
    public static TheoryData<Optimizer, string, string> Optimizers => new()
    {
        { Optimizer.GradientDescent, "8639a2a39cfa1fde97b7866e815cc229b09bbf6d4b7d36ad0281060b6bd8d51f", "9df96f692887eab836c0ad0ce95847528211f72d02f8b980a6dba9803c5a117b" },
        { Optimizer.Nesterov, "97ea5fb7daa4bb30d896bee7582e3dcbccbf5fcadf92a5340ab332b1ae5a7ec6", "f5006d8e8f292ae1986726b4d8066687648d20b690c5d11860cbb79766ed328e" },
        { Optimizer.RmsProp, "d22a61ecc25e7e6122f8a1baf7432e4e83063a6c777a8c7777026897d0bd2bb0", "c893261169f2f33388113e85c555147e0f188f0bab36e66b8986738b64e3beab" },
        { Optimizer.Adam, "b5f3d12170c930306f1af1c30cc9abfde6387f9c3bee10747c878a19b2300087", "ec67cf6f75f9bfffc03774bcf2b7aaa54c22360b3acac7687166f46f9774ead0" },
        { Optimizer.AdamW, "5a1514ed2e005b6455fc27ce9dfa823a227c9f449eb9e971155f7f2a37a4b792", "cc4876be9db269d55c60ec52ad73cf24ed5984f4fc481be06d83483e66a54195" },
    };

    [Theory]
    [MemberData(nameof(AllLevels))]
    public void At_every_level(SimdLevel level)
    {
        SimdSupport.Cap = level;
        Assert.Equal(Plain, Train(new TrainingOptions()));
        Assert.Equal(WithMomentumAndDecay, Train(new TrainingOptions { LearningRate = 0.1f, Momentum = 0.9f, L2 = 0.5f }));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void With_any_number_of_threads(int threads) => Assert.Equal(Plain, Train(new TrainingOptions { Threads = threads }));

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Of_every_optimiser_at_every_level(Optimizer optimizer, string small, string large)
    {
        foreach (SimdLevel level in Levels.All)
        {
            SimdSupport.Cap = level;
            Assert.Equal(small, Train(OptionsFor(optimizer)));
            Assert.Equal(large, TrainLarge(OptionsFor(optimizer)));
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Of_every_optimiser_with_any_number_of_threads(Optimizer optimizer, string small, string large)
    {
        foreach (int threads in new[] { 1, 2, 3, 7 })
        {
            TrainingOptions options = OptionsFor(optimizer) with { Threads = threads };
            Assert.Equal(small, Train(options));
            Assert.Equal(large, TrainLarge(options));
        }
    }

    private static TrainingOptions OptionsFor(Optimizer optimizer) => new()
    {
        Optimizer = optimizer,
        LearningRate = optimizer is Optimizer.GradientDescent or Optimizer.Nesterov ? 0.1f : 0.01f,
        Momentum = optimizer is Optimizer.GradientDescent or Optimizer.Nesterov ? 0.9f : 0,
        L2 = optimizer == Optimizer.AdamW ? 0 : 0.25f,
        TrainingSetSize = 1000,
    };

    /// <summary>Three steps of a network of 235,200 weights: products and updates are divided among threads.</summary>
    private static string TrainLarge(TrainingOptions options)
    {
        RandomSource random = new(7);
        float[] inputs = [.. Enumerable.Range(0, 32 * 784).Select(_ => random.NextSingle())];
        int[] classes = [.. Enumerable.Range(0, 32).Select(_ => random.Next(10))];
        Network network = new(784, 300, 10);
        Initializer.Initialize(network, Initialization.ScaledNormal, 1);
        Trainer trainer = new(network, options with { BatchSize = 32 });
        for (int step = 0; step < 3; step++)
            trainer.Step(inputs, classes);
        return network.ComputeSha256();
    }

    /// <summary>What <c>backprop train --seed 5 --hidden 37,19 --epochs 3 --batch 13</c> does.</summary>
    private static string Train(TrainingOptions options)
    {
        (LabelledExamples rest, _) = Digits.Load().Shuffle(5).Split(1797 - 359);
        (LabelledExamples training, _) = rest.Split(1438 - 143);
        Network network = new(64, 37, 19, 10);
        Initializer.Initialize(network, Initialization.ScaledNormal, 5);
        Trainer trainer = new(network, options with { Epochs = 3, BatchSize = 13, Seed = 5 });
        trainer.Train(training, cancellationToken: TestContext.Current.CancellationToken);
        return network.ComputeSha256();
    }
}
