using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

public class RowGatherTests
{
    private static readonly int[] s_order = [4, 0, 4, 2, 1, 3];

    [Fact]
    public void Refuses_a_destination_whose_length_fits_only_modulo_2_to_the_32()
    {
        // 65,537 · 65,536 = 2³² + 65,536
        int[] order = new int[65_537];
        float[] destination = new float[65_536];
        Refusal.Of<ArgumentException>(
            "destination", () => RowGather.Run(default(ReadOnlySpan<float>), 65_536, order, 65_537, destination), 65_536);
        Refusal.Of<ArgumentException>(
            "destination", () => RowGather.Run(default(ReadOnlySpan<byte>), 65_536, order, 65_537, destination), 65_536);
    }

    [Fact]
    public void Rows_come_in_the_order_asked_for_at_every_length()
    {
        foreach (SimdLevel level in Levels.All)
        {
            for (int columns = 0; columns <= 100; columns++)
            {
                float[] source = Inputs.Uniform(columns, 5 * columns);
                for (int rows = 0; rows <= s_order.Length; rows++)
                {
                    float[] gathered = new float[rows * columns];
                    RowGather.Run(level, source, columns, s_order, rows, gathered);
                    Bits.AssertSame(InOrder(source, columns, rows), gathered, $"{level}, {rows} × {columns}");
                }
            }
        }
    }

    /// <summary>The quotient in double rounds to the float that the quotient in float is: 53 ≥ 2 · 24 + 2 bits.</summary>
    [Fact]
    public void Pixels_come_as_their_quotients_at_every_length()
    {
        foreach (SimdLevel level in Levels.All)
        {
            for (int columns = 0; columns <= 130; columns++)
            {
                byte[] pixels = new byte[5 * columns];
                new Random(columns).NextBytes(pixels);
                float[] quotients = Array.ConvertAll(pixels, pixel => (float)(pixel / 255.0));
                for (int rows = 0; rows <= s_order.Length; rows++)
                {
                    float[] gathered = new float[rows * columns];
                    RowGather.Run(level, pixels, columns, s_order, rows, gathered);
                    Bits.AssertSame(InOrder(quotients, columns, rows), gathered, $"{level}, {rows} × {columns}");
                }
            }
        }
    }

    /// <summary>In every lane and in the elements left over, by a start that moves.</summary>
    [Fact]
    public void Each_of_the_256_pixels_is_divided_exactly()
    {
        byte[] pixels = [.. Enumerable.Range(0, 512).Select(value => (byte)value)];
        foreach (SimdLevel level in Levels.All)
        {
            for (int start = 0; start < 64; start++)
            {
                float[] gathered = new float[300];
                RowGather.Run(level, pixels.AsSpan(start, 300), 300, [0], 1, gathered);
                for (int i = 0; i < gathered.Length; i++)
                    Bits.AssertSame((float)((start + i) % 256 / 255.0), gathered[i], $"{level}, pixel {(start + i) % 256}");
            }
        }
    }

    [Fact]
    public void Pixels_are_read_and_floats_written_inside_their_spans()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), GuardedRegion<float>.Prerequisite);
        using GuardedRegion<byte> source = new(5 * 130);
        using GuardedRegion<float> destination = new(6 * 130);
        foreach (SimdLevel level in Levels.All)
        {
            for (int columns = 1; columns <= 130; columns++)
            {
                RowGather.Run(level, source.First(5 * columns).Span, columns, s_order, 6, destination.First(6 * columns).Span);
                RowGather.Run(level, source.Last(5 * columns).Span, columns, s_order, 6, destination.Last(6 * columns).Span);
            }
        }
    }

    private static float[] InOrder(float[] source, int columns, int rows) =>
        [.. s_order.Take(rows).SelectMany(row => source.Skip(row * columns).Take(columns))];
}
