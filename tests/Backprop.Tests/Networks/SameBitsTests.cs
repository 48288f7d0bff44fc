using Backprop.Networks;
using Backprop.Simd;
using Backprop.Tests.Support;
using Backprop.Training;
using Xunit;

namespace Backprop.Tests.Networks;

/// <summary>The same bits at every vector width and for any number of threads: predictions, gradients and steps.</summary>
[Collection(ProcessWide.Name)]
public sealed class SameBitsTests : IDisposable
{
    private readonly SimdLevel? _cap = SimdSupport.Cap;

    public void Dispose() => SimdSupport.Cap = _cap;

    [Theory]
    [InlineData("64-37-19-10", 13)]
    [InlineData("5-1-3", 1)]
    [InlineData("33-65-4", 32)]
    [InlineData("130-40-2", 29)]
    public void At_every_level(string shape, int batch)
    {
        NetworkCase random = new(shape, batch, Seed: 21);
        SimdSupport.Cap = SimdLevel.Scalar;
        float[] expected = Everything(random, threads: 1);
        foreach (SimdLevel level in Levels.All)
        {
            SimdSupport.Cap = level;
            Bits.AssertSame(expected, Everything(random, threads: 1), $"{random} at {level}");
        }
    }

    [Theory]
    [InlineData("64-37-19-10", 13)]
    [InlineData("200-120-10", 64)]
    [InlineData("200-120-50-10", 241)]
    [InlineData("500-100-10", 66)]
    [InlineData("500-100-10", 48)]
    [InlineData("300-100-400-10", 50)]
    [InlineData("100-600-520-10", 70)]
    [InlineData("20-300-520-10", 60)]
    [InlineData("20-150-250-4", 60)]
    [InlineData("2-2000-10", 241)]
    public void With_any_number_of_threads(string shape, int batch)
    {
        NetworkCase random = new(shape, batch, Seed: 22);
        float[] expected = Everything(random, threads: 1);
        foreach (int threads in new[] { 2, 3, 7 })
            Bits.AssertSame(expected, Everything(random, threads), $"{random} with {threads} threads");
    }

    /// <summary>The parts of a pass find the batch through its address on the caller's stack: what that refers to may be moved meanwhile.</summary>
    [Fact]
    public void While_the_collector_moves_the_batch()
    {
        NetworkCase random = new("200-120-10", 132, Seed: 23);
        Network network = random.Network.ToNetwork();
        Workspace workspace = new(network, random.Batch, threads: 2);
        float[] expected = new float[network.Layout.Length];
        network.Gradient(random.Inputs(), random.Classes(), random.Batch, new Workspace(network, random.Batch), expected);
        Thread collector = new(() =>
        {
            for (int collection = 0; collection < 100; collection++)
            {
                GC.Collect(1, GCCollectionMode.Forced, blocking: true, compacting: true);
                Thread.Sleep(1);
            }
        });
        collector.Start();
        do
        {
            float[] gradient = new float[network.Layout.Length];
            network.Gradient([.. random.Inputs()], [.. random.Classes()], random.Batch, workspace, gradient);
            Bits.AssertSame(expected, gradient, $"{random}");
        }
        while (collector.IsAlive);
    }

    /// <summary>Activations, gradient, and the parameters after three plain steps and three with momentum.</summary>
    private static float[] Everything(NetworkCase random, int threads)
    {
        Network network = random.Network.ToNetwork();
        Workspace workspace = new(network, random.Batch + 7, threads);
        float[] activations = new float[random.Batch * network.OutputSize];
        float[] gradient = new float[network.Layout.Length];
        network.Predict(random.Inputs(), random.Batch, workspace, activations);
        float cost = network.Gradient(random.Inputs(), random.Classes(), random.Batch, workspace, gradient);
        TrainingOptions options = new() { BatchSize = random.Batch, L2 = 0.1f, TrainingSetSize = 100, Threads = threads };
        foreach (float momentum in new[] { 0f, 0.9f })
        {
            Trainer trainer = new(network, options with { Momentum = momentum });
            for (int step = 0; step < 3; step++)
                trainer.Step(random.Inputs(), random.Classes());
        }

        return [cost, .. activations, .. gradient, .. network.Parameters];
    }
}
