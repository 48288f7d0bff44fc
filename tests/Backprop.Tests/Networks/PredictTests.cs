using Backprop.Networks;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using FsCheck.Xunit;
using Xunit;

namespace Backprop.Tests.Networks;

[Properties(Arbitrary = [typeof(NetworkCases)])]
public class PredictTests
{
    [Property(MaxTest = 100)]
    public void Activations_are_within_their_bound_of_the_reference(NetworkCase random)
    {
        ReferenceNetwork reference = random.Network;
        Network network = reference.ToNetwork();
        float[] activations = new float[random.Batch * network.OutputSize];
        network.Predict(random.Inputs(), random.Batch, new Workspace(network, 17), activations);
        double[][] inputs = NetworkCase.Rows(random.Inputs(), network.InputSize);
        for (int row = 0; row < random.Batch; row++)
        {
            double[] expected = reference.Predict(inputs[row]);
            double[] bound = ReferenceErrorBound.Activations(reference, inputs[row])[reference.Depth];
            for (int j = 0; j < expected.Length; j++)
                Assert.Equal(expected[j], activations[row * expected.Length + j], bound[j]);
        }
    }

    [Theory]
    [InlineData("784-30-10")]
    [InlineData("64-37-19-10")]
    [InlineData("17-3")]
    [InlineData("40-64-33-16-5")]
    [InlineData("150-5-2")]
    [InlineData("20-100-3")]
    public void A_row_is_the_same_bits_in_any_batch(string shape)
    {
        NetworkCase random = new(shape, Batch: 128, Seed: 9);
        Network network = random.Network.ToNetwork();
        float[] inputs = random.Inputs();
        float[] whole = Predict(network, inputs, 128, new Workspace(network, 128));
        foreach (int batch in new[] { 1, 10, 127 })
        {
            Workspace workspace = new(network, batch);
            float[] parts = inputs.Chunk(batch * network.InputSize)
                .SelectMany(part => Predict(network, part, part.Length / network.InputSize, workspace))
                .ToArray();
            Bits.AssertSame(whole, parts, $"{random}, in batches of {batch}");
        }

        float[] single = inputs.Chunk(network.InputSize).SelectMany(row => network.Predict(row)).ToArray();
        Bits.AssertSame(whole, single, $"{random}, one by one");
    }

    [Fact]
    public void The_class_is_the_largest_activation()
    {
        NetworkCase random = new("20-15-6", Batch: 50, Seed: 10);
        Network network = random.Network.ToNetwork();
        foreach (float[] input in random.Inputs().Chunk(20))
        {
            float[] activations = network.Predict(input);
            Assert.Equal(activations.Max(), activations[network.Classify(input)]);
        }
    }

    [Fact]
    public void Of_equal_outputs_the_class_is_the_first() => Assert.Equal(0, new Network(3, 4).Classify(new float[3]));

    [Fact]
    public void No_rows_are_no_work()
    {
        Network network = new(3, 4, 2);
        network.Predict([], 0, new Workspace(network, 1), []);
    }

    [Fact]
    public void Activations_may_overlap_the_inputs()
    {
        NetworkCase random = new("6-5-6", Batch: 4, Seed: 11);
        Network network = random.Network.ToNetwork();
        Workspace workspace = new(network, 4);
        float[] expected = Predict(network, random.Inputs(), 4, workspace);
        float[] shared = [.. random.Inputs(), 0, 0];
        network.Predict(shared.AsSpan(0, 24), 4, workspace, shared.AsSpan(2));
        Bits.AssertSame(expected, shared.AsSpan(2), "overlapping");
    }

    [Fact]
    public void A_NaN_reaches_its_own_row_only()
    {
        NetworkCase random = new("6-5-4", Batch: 3, Seed: 12);
        Network network = random.Network.ToNetwork();
        float[] inputs = random.Inputs();
        Workspace workspace = new(network, 3);
        float[] clean = Predict(network, inputs, 3, workspace);
        inputs[6 + 2] = float.NaN;
        float[] activations = Predict(network, inputs, 3, workspace);
        Assert.All(activations[4..8], value => Assert.True(float.IsNaN(value)));
        Bits.AssertSame(clean.AsSpan(0, 4), activations.AsSpan(0, 4), "row 0");
        Bits.AssertSame(clean.AsSpan(8), activations.AsSpan(8), "row 2");
        Bits.AssertSame(clean, Predict(network, random.Inputs(), 3, workspace), "the same workspace afterwards");
    }

    [Fact]
    public void A_workspace_serves_every_network_of_its_shape()
    {
        NetworkCase random = new("6-5-4", Batch: 3, Seed: 13);
        Network other = (random with { Seed = 14 }).Network.ToNetwork();
        Network network = random.Network.ToNetwork();
        Workspace workspace = new(other, 3);
        Predict(other, random.Inputs(), 3, workspace);
        Bits.AssertSame(
            Predict(network, random.Inputs(), 3, new Workspace(network, 3)), Predict(network, random.Inputs(), 3, workspace), "shared");
    }

    [Fact]
    public async Task Many_threads_may_predict_with_one_network()
    {
        NetworkCase random = new("30-20-10", Batch: 16, Seed: 15);
        Network network = random.Network.ToNetwork();
        float[] inputs = random.Inputs();
        float[] expected = Predict(network, inputs, 16, new Workspace(network, 16));
        int expectedClass = network.Classify(inputs.AsSpan(0, 30));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            Workspace workspace = new(network, 16);
            for (int round = 0; round < 200; round++)
            {
                Bits.AssertSame(expected, Predict(network, inputs, 16, workspace), "a batch");
                Bits.AssertSame(expected.AsSpan(0, 10), network.Predict(inputs.AsSpan(0, 30)), "one example");
                Assert.Equal(expectedClass, network.Classify(inputs.AsSpan(0, 30)));
            }
        })));
    }

    [Fact]
    public void Allocates_nothing()
    {
        NetworkCase random = new("30-20-10", Batch: 16, Seed: 16);
        Network network = random.Network.ToNetwork();
        Workspace workspace = new(network, 16);
        float[] inputs = random.Inputs();
        int[] classes = random.Classes();
        float[] targets = random.SoftTargets();
        float[] activations = new float[160];
        float[] gradient = new float[network.Layout.Length];
        void Work(int rows)
        {
            network.Predict(inputs.AsSpan(0, rows * 30), rows, workspace, activations.AsSpan(0, rows * 10));
            network.Gradient(inputs.AsSpan(0, rows * 30), classes.AsSpan(0, rows), rows, workspace, gradient);
            network.Gradient(inputs.AsSpan(0, rows * 30), targets.AsSpan(0, rows * 10), rows, workspace, gradient);
            network.Classify(inputs.AsSpan(0, 30));
        }

        Work(16);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int rows = 1; rows <= 16; rows++)
            Work(rows);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static float[] Predict(Network network, float[] inputs, int rows, Workspace workspace)
    {
        float[] activations = new float[rows * network.OutputSize];
        network.Predict(inputs, rows, workspace, activations);
        return activations;
    }
}
