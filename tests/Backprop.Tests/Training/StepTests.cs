using Backprop.Networks;
using Backprop.Tests.Networks;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using Backprop.Training;
using FsCheck.Xunit;
using Xunit;
using static Backprop.Tests.Training.SmallTraining;

namespace Backprop.Tests.Training;

[Properties(Arbitrary = [typeof(NetworkCases)])]
public class StepTests
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
            Assert.Equal(0, Allocated(() => new Trainer(random.Network.ToNetwork(), options), (trainer, rows) =>
            {
                trainer.Step(inputs.AsSpan(0, rows * 30), classes.AsSpan(0, rows));
                if (plain)
                    trainer.Step(inputs.AsSpan(0, rows * 30), targets.AsSpan(0, rows * 10), rows);
            }));
        }
    }

    /// <summary>What the steps of a new trainer allocate after its first one, in a run without a collection: one on another thread's behalf counts
    /// the rest of this thread's allocation context, less than 8 KB, as allocated.</summary>
    private static long Allocated(Func<Trainer> create, Action<Trainer, int> step)
    {
        while (true)
        {
            Trainer trainer = create();
            step(trainer, 16);
            int collections = GC.CollectionCount(0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int rows = 1; rows <= 16; rows++)
                step(trainer, rows);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (GC.CollectionCount(0) == collections)
                return allocated;
        }
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
}
