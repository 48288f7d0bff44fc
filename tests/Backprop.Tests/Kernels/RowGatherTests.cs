using Backprop.Kernels;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

public class RowGatherTests
{
    [Fact]
    public void Refuses_a_destination_whose_length_fits_only_modulo_2_to_the_32()
    {
        // 65,537 · 65,536 = 2³² + 65,536
        Refusal.Of<ArgumentException>("destination", () => RowGather.Run(default, 65_536, new int[65_537], 65_537, new float[65_536]), 65_536);
    }

    [Fact]
    public void Rows_come_in_the_order_asked_for_at_every_length()
    {
        int[] order = [4, 0, 4, 2, 1, 3];
        for (int columns = 0; columns <= 100; columns++)
        {
            float[] source = Inputs.Uniform(columns, 5 * columns);
            for (int rows = 0; rows <= order.Length; rows++)
            {
                float[] expected = [.. order.Take(rows).SelectMany(row => source.Skip(row * columns).Take(columns))];
                float[] gathered = new float[rows * columns];
                RowGather.Run(source, columns, order, rows, gathered);
                Assert.Equal(expected, gathered);
            }
        }
    }
}
