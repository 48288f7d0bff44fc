using System.Numerics.Tensors;
using Backprop.Kernels;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>The place of the largest element is that of <see cref="TensorPrimitives"/>, whichever of the two searches finds it.</summary>
public class IndexOfMaxTests
{
    private static readonly float[] s_values =
        [0f, -0f, 1f, -1f, 2f, 2f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -3f, -3f];

    [Fact]
    public void Ties_zeros_and_NaN_at_every_length()
    {
        Random random = new(1);
        for (int length = 0; length <= 100; length++)
        {
            for (int turn = 0; turn < 200; turn++)
            {
                // few different values, so that most rows have their largest one several times; every second turn without NaN and infinity
                int kinds = turn % 2 == 0 ? 6 : s_values.Length;
                float[] row = [.. Enumerable.Range(0, length).Select(_ => s_values[random.Next(turn % 3 == 0 ? 2 : kinds)])];
                Assert.Equal(TensorPrimitives.IndexOfMax<float>(row), IndexOfMax.Of(row));
            }
        }
    }
}
