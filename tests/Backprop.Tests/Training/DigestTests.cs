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
