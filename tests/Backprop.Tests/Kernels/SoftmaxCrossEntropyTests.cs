using System.Numerics.Tensors;
using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Support;
using FsCheck.Xunit;
using Xunit;

namespace Backprop.Tests.Kernels;

public class SoftmaxCrossEntropyTests
{
    [Fact]
    public void Is_softmax_and_cost_and_a_minus_y_to_the_bit_at_every_size()
    {
        for (int columns = 1; columns <= 256; columns++)
            Compare(2, columns, columns, 10);
        Compare(3, 1_000, 1_000, 10);
        Compare(3, 333, 333, 1_000);
        foreach (int columns in new[] { 3, 10, 16, 17, 127, 130 }) Compare(70, columns, columns, 10);
    }

    [Property(MaxTest = 200)]
    public void Is_softmax_and_cost_and_a_minus_y_to_the_bit(byte rows, byte columns, byte range, int seed) =>
        Compare(rows % 16, columns + 1, seed, range);

    [Fact]
    public void Masked_classes_and_rows_without_a_distribution_are_as_in_the_parts()
    {
        float[] z = [1, float.NegativeInfinity, 2, float.NaN, 1, 2, float.PositiveInfinity, 0, 0, 1e38f, -1e38f, 0];
        float[] masked = [1, float.NegativeInfinity, 2, 1e38f, -1e38f, 0];
        CompareParts(z, Inputs.Filled(z.Length, 1f / 3), [0, 1, 2, 0], 3, "poisoned");
        CompareParts(masked, [0.5f, 0, 0.5f, 0, 1, 0], [2, 1], 3, "masked");
    }

    [Fact]
    public void Activations_may_be_z()
    {
        foreach (int columns in new[] { 10, 19, 130 })
        {
            float[] z = Inputs.Uniform(1, 3 * columns, -5, 5);
            float[] targets = Inputs.Probabilities(2, 3, columns);
            float[] activations = new float[z.Length];
            float[] delta = new float[z.Length];
            float cost = Kernel.SoftmaxCrossEntropy(SimdLevel.Scalar, z, targets, 3, columns, activations, delta);
            foreach (SimdLevel level in Levels.All)
            {
                float[] both = [.. z];
                float[] other = new float[z.Length];
                string context = $"activations over z, {columns}, {level}";
                Bits.AssertSame(cost, Kernel.SoftmaxCrossEntropy(level, both, targets, 3, columns, both, other), $"cost, {context}");
                Bits.AssertSame(activations, both, context);
                Bits.AssertSame(delta, other, $"delta, {context}");
            }
        }
    }

    [Fact]
    public void Refuses_operands_that_do_not_fit()
    {
        float[] z = Inputs.Probabilities(1, 4, 5);
        float[] targets = Inputs.Probabilities(2, 4, 5);
        int[] classes = new int[4];
        float[] a = new float[20];
        float[] d = new float[20];
        float[] wrong = new float[19];
        Refusal.Of<ArgumentException>("z", () => Kernel.SoftmaxCrossEntropy(wrong, targets, 4, 5, a, d), 4, 5, 20, 19);
        Refusal.Of<ArgumentException>("z", () => Kernel.SoftmaxCrossEntropy(wrong, classes, 4, 5, a, d), 4, 5, 20, 19);
        Refusal.Of<ArgumentException>("targets", () => Kernel.SoftmaxCrossEntropy(z, wrong, 4, 5, a, d), 4, 5, 20, 19);
        Refusal.Of<ArgumentException>("classes", () => Kernel.SoftmaxCrossEntropy(z, new int[5], 4, 5, a, d), 4, 5);
        Refusal.Of<ArgumentException>("activations", () => Kernel.SoftmaxCrossEntropy(z, targets, 4, 5, wrong, d), 4, 5, 20, 19);
        Refusal.Of<ArgumentException>("activations", () => Kernel.SoftmaxCrossEntropy(z, classes, 4, 5, wrong, d), 4, 5, 20, 19);
        Refusal.Of<ArgumentException>("delta", () => Kernel.SoftmaxCrossEntropy(z, targets, 4, 5, a, wrong), 4, 5, 20, 19);
        Refusal.Of<ArgumentException>("delta", () => Kernel.SoftmaxCrossEntropy(z, classes, 4, 5, a, wrong), 4, 5, 20, 19);
        Refusal.Of<ArgumentOutOfRangeException>("rows", () => Kernel.SoftmaxCrossEntropy([], targets, -1, 5, [], []), -1, 0);
        Refusal.Of<ArgumentOutOfRangeException>("columns", () => Kernel.SoftmaxCrossEntropy([], classes, 4, 0, [], []), 0, 1);
    }

    [Fact]
    public void Refuses_overlaps_that_would_lose_something()
    {
        float[] values = new float[64];
        float[] targets = Inputs.Probabilities(2, 4, 5);
        float[] free = new float[20];
        Refusal.Of<ArgumentException>("activations", () =>
            Kernel.SoftmaxCrossEntropy(values.AsSpan(0, 20), targets, 4, 5, values.AsSpan(1, 20), free));
        Refusal.Of<ArgumentException>("delta", () =>
            Kernel.SoftmaxCrossEntropy(values.AsSpan(0, 20), new int[4], 4, 5, free, values.AsSpan(1, 20)));
        Refusal.Of<ArgumentException>("delta", () =>
            Kernel.SoftmaxCrossEntropy(values.AsSpan(0, 20), new int[4], 4, 5, free, values.AsSpan(0, 20)));
        Refusal.Of<ArgumentException>("activations", () => Kernel.SoftmaxCrossEntropy(free, targets, 4, 5, targets, values.AsSpan(0, 20)));
        Refusal.Of<ArgumentException>("delta", () => Kernel.SoftmaxCrossEntropy(free, targets, 4, 5, values.AsSpan(0, 20), targets));
        Refusal.Of<ArgumentException>("delta", () =>
            Kernel.SoftmaxCrossEntropy(free, targets, 4, 5, values.AsSpan(0, 20), values.AsSpan(1, 20)));
        Refusal.Of<ArgumentException>("delta", () =>
            Kernel.SoftmaxCrossEntropy(free, new int[4], 4, 5, values.AsSpan(0, 20), values.AsSpan(0, 20)));
    }

    [Fact]
    public void Refuses_targets_that_are_no_distribution() =>
        TargetRefusals.Check(targets => Kernel.SoftmaxCrossEntropy(new float[6], targets, 2, 3, new float[6], new float[6]));

    [Fact]
    public void Refuses_classes_outside_the_columns() =>
        TargetRefusals.CheckClasses(classes => Kernel.SoftmaxCrossEntropy(new float[6], classes, 2, 3, new float[6], new float[6]));

    private static void Compare(int rows, int columns, int seed, float range) =>
        CompareParts(Inputs.Uniform(seed, rows * columns, -range, range), Inputs.Probabilities(seed + 1, rows, columns),
            Inputs.Classes(seed + 2, rows, columns), columns, $"seed {seed}");

    private static void CompareParts(float[] z, float[] targets, int[] classes, int columns, string context)
    {
        int rows = z.Length / columns;
        float[] expectedActivations = new float[z.Length];
        Kernel.Softmax(SimdLevel.Scalar, z, rows, columns, expectedActivations);
        foreach (SimdLevel level in Levels.All)
        {
            string place = $"{rows}×{columns} {level}, {context}";
            float[] activations = new float[z.Length];
            float[] delta = new float[z.Length];
            float cost = Kernel.SoftmaxCrossEntropy(level, z, targets, rows, columns, activations, delta);
            Bits.AssertSame(Kernel.CrossEntropyFromLogits(SimdLevel.Scalar, z, targets, rows, columns), cost, $"cost of targets, {place}");
            Bits.AssertSame(expectedActivations, activations, $"activations, {place}");
            Bits.AssertSame(Difference(activations, targets), delta, $"delta of targets, {place}");
            cost = Kernel.SoftmaxCrossEntropy(level, z, classes, rows, columns, activations, delta);
            Bits.AssertSame(Kernel.CrossEntropyFromLogits(SimdLevel.Scalar, z, classes, rows, columns), cost, $"cost of classes, {place}");
            Bits.AssertSame(expectedActivations, activations, $"activations with classes, {place}");
            Bits.AssertSame(Difference(activations, Inputs.OneHot(classes, columns)), delta, $"delta of classes, {place}");
        }
    }

    private static float[] Difference(float[] activations, float[] targets)
    {
        float[] difference = new float[activations.Length];
        TensorPrimitives.Subtract(activations, targets, difference);
        return difference;
    }
}
