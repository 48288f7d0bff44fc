using System.Runtime.InteropServices;
using Backprop.Kernels;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>What every kernel that takes targets or classes refuses before it writes anything.</summary>
public class TargetTests
{
    [Fact]
    public void A_negative_target_is_refused_though_its_row_sums_to_1()
    {
        float[] delta = [7, 7, 7];
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => Kernel.OutputDelta([0.2f, 0.3f, 0.5f], [2f, -1f, 0f], 1, 3, delta));
        Assert.Equal("targets", refusal.ParamName);
        Assert.Contains("row 0 has -1 in column 1", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([7, 7, 7], delta);
    }

    [Fact]
    public void A_bad_target_is_refused_wherever_it_stands_in_a_row()
    {
        for (int place = 0; place < 20; place++)
        {
            float[] negative = new float[20];
            negative[place] = -0.25f;
            negative[(place + 1) % 20] = 1.25f;
            float[] missing = new float[20];
            missing[place] = float.NaN;
            float[] tooSmall = new float[20];
            tooSmall[place] = 0.9998f;
            foreach (float[] row in new[] { negative, missing, tooSmall })
                Assert.Throws<ArgumentException>(() => Kernel.OutputDelta(new float[20], row, 1, 20, new float[20]));
            tooSmall[place] = 0.99995f;
            Kernel.OutputDelta(new float[20], tooSmall, 1, 20, new float[20]);
        }
    }

    [Fact]
    public void Classes_in_the_memory_of_a_result_are_refused()
    {
        float[] z = [1, 2, 3, 4];
        float[] memory = new float[4];
        int[] classes = [0, 1];
        Assert.Throws<ArgumentException>(() =>
        {
            Span<int> within = MemoryMarshal.Cast<float, int>(memory.AsSpan(0, 2));
            classes.CopyTo(within);
            Kernel.SoftmaxCrossEntropy(z, within, 2, 2, memory, new float[4]);
        });
        Assert.Throws<ArgumentException>(() =>
            Kernel.SoftmaxCrossEntropy(z, MemoryMarshal.Cast<float, int>(memory.AsSpan(0, 2)), 2, 2, new float[4], memory));
        Assert.Throws<ArgumentException>(() => Kernel.OutputDelta(z, MemoryMarshal.Cast<float, int>(memory.AsSpan(0, 2)), 2, 2, memory));
    }
}
