using Backprop.Data;
using Backprop.Tests.Support;
using Backprop.Training;
using Xunit;

namespace Backprop.Tests.Training;

public class BatchSamplerTests
{
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

    /// <summary>A sampler that goes back to an epoch, or begins with a later one, finds the order that it has.</summary>
    [Fact]
    public void The_order_of_an_epoch_depends_on_its_number_alone()
    {
        LabelledExamples examples = new([.. Enumerable.Range(0, 25).Select(value => (float)value)], new int[25], 1, 1);
        BatchSampler inTurn = new(examples, 25, seed: 4);
        float[][] orders = [.. Enumerable.Range(1, 4).Select(epoch => OrderOf(inTurn, epoch))];
        BatchSampler anyhow = new(examples, 25, seed: 4);
        foreach (int epoch in new[] { 3, 3, 1, 4, 2 })
            Assert.Equal(orders[epoch - 1], OrderOf(anyhow, epoch));
    }

    /// <summary>The same examples as pixels and as floats, whole and as a slice.</summary>
    [Fact]
    public void Batches_of_pixels_are_those_of_their_quotients()
    {
        foreach (int features in new[] { 1, 15, 63, 64, 65, 130 })
        {
            byte[] pixels = new byte[33 * features];
            new Random(features).NextBytes(pixels);
            int[] classes = [.. Enumerable.Range(0, 33)];
            LabelledExamples quotients = new(Array.ConvertAll(pixels, pixel => (float)(pixel / 255.0)), classes, features, 33);
            LabelledExamples examples = LabelledExamples.FromPixels(pixels, classes, features, 33);
            AssertSameBatches(quotients, examples, $"{features} features");
            AssertSameBatches(quotients.Slice(7, 21), examples.Slice(7, 21), $"{features} features, a slice");
        }
    }

    private static float[] OrderOf(BatchSampler sampler, int epoch)
    {
        sampler.StartEpoch(epoch);
        Assert.True(sampler.MoveNext());
        return sampler.Inputs.ToArray();
    }

    private static void AssertSameBatches(LabelledExamples expected, LabelledExamples actual, string context)
    {
        BatchSampler fromFloats = new(expected, 10, seed: 5);
        BatchSampler fromPixels = new(actual, 10, seed: 5);
        for (int epoch = 1; epoch <= 2; epoch++)
        {
            fromFloats.StartEpoch(epoch);
            fromPixels.StartEpoch(epoch);
            while (fromFloats.MoveNext())
            {
                Assert.True(fromPixels.MoveNext());
                Bits.AssertSame(fromFloats.Inputs, fromPixels.Inputs, context);
                Assert.Equal(fromFloats.Classes, fromPixels.Classes);
            }

            Assert.False(fromPixels.MoveNext());
        }
    }
}
