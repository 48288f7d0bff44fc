using Backprop.Data;
using Xunit;

namespace Backprop.Tests.Data;

public class LabelledExamplesTests
{
    [Fact]
    public void The_arrays_are_exposed_row_by_row()
    {
        LabelledExamples examples = Numbered(5);
        Assert.Equal((5, 3, 4), (examples.Count, examples.Features, examples.ClassCount));
        Assert.Equal(15, examples.Inputs.Length);
        Assert.Equal([6f, 7f, 8f], examples.Input(2).ToArray());
        Assert.Equal([0, 1, 2, 3, 0], examples.Classes.ToArray());
    }

    [Fact]
    public void A_slice_of_a_slice_counts_from_the_slice()
    {
        LabelledExamples slice = Numbered(10).Slice(2, 6).Slice(1, 3);
        Assert.Equal((3, 3, 4), (slice.Count, slice.Features, slice.ClassCount));
        Assert.Equal([9f, 10f, 11f], slice.Input(0).ToArray());
        Assert.Equal(9, slice.Inputs.Length);
        Assert.Equal([3, 0, 1], slice.Classes.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(7)]
    public void The_parts_of_a_split_are_the_whole(int firstCount)
    {
        LabelledExamples whole = Numbered(7);
        (LabelledExamples first, LabelledExamples second) = whole.Split(firstCount);
        Assert.Equal(firstCount, first.Count);
        Assert.Equal(whole.Inputs, [.. first.Inputs, .. second.Inputs]);
        Assert.Equal(whole.Classes, [.. first.Classes, .. second.Classes]);
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(99UL)]
    public void Shuffle_is_Fisher_Yates_over_the_generator(ulong seed)
    {
        LabelledExamples examples = Numbered(23).Slice(3, 20);
        ReferenceRandom random = ReferenceRandom.FromSeed(seed);
        List<int> order = [.. Enumerable.Range(3, 20)];
        for (int i = 19; i > 0; i--)
        {
            int j = random.Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        LabelledExamples shuffled = examples.Shuffle(seed);
        Assert.Equal(order.SelectMany(row => new[] { 3f * row, 3f * row + 1, 3f * row + 2 }), shuffled.Inputs.ToArray());
        Assert.Equal(order.Select(row => row % 4), shuffled.Classes.ToArray());
        Assert.Equal(4, shuffled.ClassCount);
        Assert.Equal(9f, examples.Input(0)[0]);
    }

    [Fact]
    public void Pixels_stay_beside_the_inputs_that_came_from_them()
    {
        byte[] pixels = [.. Enumerable.Range(0, 60).Select(i => (byte)(255 - 4 * i))];
        LabelledExamples examples = LabelledExamples.FromPixels(pixels, new int[20], 3, 4);
        Assert.Equal((20, 3, 4), (examples.Count, examples.Features, examples.ClassCount));
        Assert.Equal(pixels, examples.Pixels);
        LabelledExamples slice = examples.Slice(2, 15).Split(4).Second;
        Assert.Equal(pixels.AsSpan(18, 33), slice.Pixels);
        foreach (LabelledExamples part in new[] { examples, slice, slice.Shuffle(3), slice.Slice(11, 0) })
        {
            Assert.Equal(part.Count * 3, part.Pixels.Length);
            Assert.Equal(Array.ConvertAll(part.Pixels.ToArray(), pixel => (float)(pixel / 255.0)), part.Inputs.ToArray());
        }
    }

    [Fact]
    public void Inputs_that_are_no_pixels_have_none() => Assert.Equal(0, Numbered(5).Slice(1, 3).Shuffle(1).Pixels.Length);

    [Fact]
    public void No_examples_are_fine()
    {
        var none = new LabelledExamples([], [], 3, 2);
        Assert.Equal(0, none.Shuffle(1).Count);
        Assert.Equal(0, none.Slice(0, 0).Inputs.Length);
    }

    [Fact]
    public void Bad_arguments_are_named_with_value_and_expectation()
    {
        AssertRefused("inputs", "inputs: 2 × 3 needs 6 elements, got 5", () => new LabelledExamples(new float[5], new int[2], 3, 2));
        AssertRefused(
            "inputs", "inputs: 65536 × 65536 needs 4294967296 elements, got 0", () => new LabelledExamples([], new int[65536], 65536, 2));
        AssertRefused(
            "inputs", "inputs: NaN at [1, 0], expected a finite number", () => new LabelledExamples([1, 2, float.NaN, 4], [0, 1], 2, 2));
        AssertRefused("inputs", "inputs: -Infinity at [0, 1]", () => new LabelledExamples([1, float.NegativeInfinity], [0], 2, 2));
        AssertRefused("classes", "classes: 2 at [1], expected 0 … 1", () => new LabelledExamples(new float[2], [0, 2], 1, 2));
        AssertRefused("classes", "classes: -1 at [0], expected 0 … 1", () => new LabelledExamples(new float[2], [-1, 0], 1, 2));
        AssertRefused("features", "", () => new LabelledExamples([], [], 0, 2));
        AssertRefused("classCount", "", () => new LabelledExamples([], [], 1, 0));
        AssertRefused("inputs", "", () => new LabelledExamples(null!, [], 1, 1));
        AssertRefused("classes", "", () => new LabelledExamples([], null!, 1, 1));
    }

    [Fact]
    public void Ranges_outside_are_refused()
    {
        LabelledExamples examples = Numbered(5);
        AssertRefused("start", "", () => examples.Slice(-1, 1));
        AssertRefused("start", "", () => examples.Slice(6, 0));
        AssertRefused("count", "", () => examples.Slice(3, 3));
        AssertRefused("count", "", () => examples.Slice(3, -1));
        AssertRefused("firstCount", "", () => examples.Split(6));
        AssertRefused("firstCount", "", () => examples.Split(-1));
        AssertRefused("index", "", () => examples.Input(5).ToArray());
        AssertRefused("index", "", () => examples.Slice(1, 2).Input(2).ToArray());
    }

    /// <summary>Three features, row r holding 3r, 3r + 1, 3r + 2; classes 0 … 3 in turn.</summary>
    private static LabelledExamples Numbered(int count) =>
        new([.. Enumerable.Range(0, 3 * count).Select(i => (float)i)], [.. Enumerable.Range(0, count).Select(i => i % 4)], 3, 4);

    private static void AssertRefused(string parameter, string message, Func<object> call)
    {
        ArgumentException refusal = Assert.ThrowsAny<ArgumentException>(call);
        Assert.Equal(parameter, refusal.ParamName);
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
    }
}
