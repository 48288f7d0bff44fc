using Backprop.Kernels;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

public class OutputDeltaTests
{
    [Fact]
    public void Is_the_difference_to_the_bit()
    {
        for (int columns = 1; columns <= 256; columns++)
        {
            float[] activations = Inputs.Probabilities(columns, 2, columns);
            float[] targets = Inputs.Probabilities(columns + 1, 2, columns);
            float[] delta = new float[activations.Length];
            Kernel.OutputDelta(activations, targets, 2, columns, delta);
            for (int index = 0; index < delta.Length; index++)
                Bits.AssertSame((float)((double)activations[index] - targets[index]), delta[index], $"2×{columns}, element {index}");
        }
    }

    [Fact]
    public void Class_indices_are_one_hot_targets_to_the_bit()
    {
        for (int columns = 1; columns <= 256; columns++)
        {
            float[] activations = Inputs.Probabilities(columns, 3, columns);
            int[] classes = Inputs.Classes(columns, 3, columns);
            float[] expected = new float[activations.Length];
            Kernel.OutputDelta(activations, Inputs.OneHot(classes, columns), 3, columns, expected);
            float[] delta = new float[activations.Length];
            Kernel.OutputDelta(activations, classes, 3, columns, delta);
            Bits.AssertSame(expected, delta, $"3×{columns}");
        }
    }

    [Fact]
    public void Destination_may_be_either_input()
    {
        float[] activations = Inputs.Probabilities(1, 3, 19);
        float[] targets = Inputs.Probabilities(2, 3, 19);
        int[] classes = Inputs.Classes(3, 3, 19);
        float[] expected = new float[activations.Length];
        Kernel.OutputDelta(activations, classes, 3, 19, expected);
        float[] overActivations = [.. activations];
        Kernel.OutputDelta(overActivations, classes, 3, 19, overActivations);
        Bits.AssertSame(expected, overActivations, "classes, over activations");
        Kernel.OutputDelta(activations, targets, 3, 19, expected);
        overActivations = [.. activations];
        Kernel.OutputDelta(overActivations, targets, 3, 19, overActivations);
        Bits.AssertSame(expected, overActivations, "targets, over activations");
        Kernel.OutputDelta(activations, targets, 3, 19, targets);
        Bits.AssertSame(expected, targets, "targets, over targets");
    }

    [Fact]
    public void Refuses_operands_that_do_not_fit()
    {
        float[] twenty = Inputs.Probabilities(1, 4, 5);
        int[] classes = new int[4];
        Refusal.Of<ArgumentException>("activations", () => Kernel.OutputDelta(new float[19], twenty, 4, 5, new float[20]), 4, 5, 20, 19);
        Refusal.Of<ArgumentException>("activations", () => Kernel.OutputDelta(new float[19], classes, 4, 5, new float[20]), 4, 5, 20, 19);
        Refusal.Of<ArgumentException>("targets", () => Kernel.OutputDelta(twenty, new float[21], 4, 5, new float[20]), 4, 5, 20, 21);
        Refusal.Of<ArgumentException>("classes", () => Kernel.OutputDelta(twenty, new int[3], 4, 5, new float[20]), 4, 3);
        Refusal.Of<ArgumentException>("destination", () => Kernel.OutputDelta(twenty, twenty, 4, 5, new float[21]), 4, 5, 20, 21);
        Refusal.Of<ArgumentException>("destination", () => Kernel.OutputDelta(twenty, classes, 4, 5, new float[21]), 4, 5, 20, 21);
        Refusal.Of<ArgumentOutOfRangeException>("rows", () => Kernel.OutputDelta([], twenty, -1, 5, []), -1, 0);
        Refusal.Of<ArgumentOutOfRangeException>("columns", () => Kernel.OutputDelta([], classes, 4, -1, []), -1);
    }

    [Fact]
    public void Refuses_a_partial_overlap()
    {
        float[] values = Inputs.Filled(64, 0.2f);
        float[] targets = Inputs.Filled(20, 0.2f);
        Refusal.Of<ArgumentException>("destination", () => Kernel.OutputDelta(values.AsSpan(0, 20), targets, 4, 5, values.AsSpan(5, 20)));
        Refusal.Of<ArgumentException>("destination", () =>
            Kernel.OutputDelta(values.AsSpan(0, 20), new int[4], 4, 5, values.AsSpan(5, 20)));
        Refusal.Of<ArgumentException>("destination", () =>
            Kernel.OutputDelta(new float[20], values.AsSpan(0, 20), 4, 5, values.AsSpan(5, 20)));
    }

    [Fact]
    public void Refuses_targets_that_are_no_distribution() =>
        TargetRefusals.Check(targets => Kernel.OutputDelta(new float[6], targets, 2, 3, new float[6]));

    [Fact]
    public void Refuses_classes_outside_the_columns() =>
        TargetRefusals.CheckClasses(classes => Kernel.OutputDelta(new float[6], classes, 2, 3, new float[6]));
}
