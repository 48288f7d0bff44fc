using System.Reflection;
using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>What holds for every kernel: the same bits at every width and address, inputs left alone, nothing allocated.</summary>
public class EveryKernelTests
{
    private static readonly (int Rows, int Columns, int Inner)[] Shapes =
    [
        (1, 1, 1), (1, 2, 3), (2, 1, 1), (3, 3, 2), (5, 5, 5), (2, 7, 9), (4, 8, 8), (3, 15, 4), (2, 16, 17), (7, 17, 31), (13, 10, 784),
        (3, 31, 100), (6, 32, 16), (5, 33, 15), (1, 63, 64), (17, 64, 5), (2, 100, 333), (31, 127, 3), (1, 255, 2), (2, 333, 17),
        (1, 1000, 7),
    ];

    [Fact]
    public void The_catalogue_holds_every_public_kernel()
    {
        IEnumerable<string> known = KernelCatalogue.All(2, 3, 4).Select(call => call.Method).Distinct().Order();
        IEnumerable<string> exported = typeof(Kernel).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Select(method => method.Name).Distinct().Order();
        Assert.Equal(exported, known);
    }

    [Fact]
    public void Every_level_gives_the_bits_of_the_scalar_level()
    {
        foreach (KernelCall call in Calls())
            foreach (bool specialValues in new[] { false, true })
                CompareLevels(call, specialValues);
    }

    [Fact]
    public void Every_length_gives_the_bits_of_the_scalar_level()
    {
        for (int length = 0; length <= 256; length++)
            foreach (KernelCall call in KernelCatalogue.Elementwise(length).Concat(length == 0 ? [] : KernelCatalogue.Rows(2, length)))
                CompareLevels(call, specialValues: length % 2 == 1);
    }

    [Fact]
    public void The_public_method_gives_the_bits_of_the_scalar_level()
    {
        foreach (KernelCall call in Calls())
            AssertSameOutcome(call, Run(call, SimdLevel.Scalar, false), Run(call, null, false), "public method");
    }

    [Fact]
    public void Addresses_do_not_change_the_bits()
    {
        foreach (KernelCall call in Calls())
        {
            Outcome expected = Run(call, SimdLevel.Scalar, false);
            foreach (SimdLevel level in Levels.Vectors)
                foreach (int offset in new[] { 1, 3, 7, 15 })
                    AssertSameOutcome(call, expected, Run(call, level, false, offset), $"{level}, operands moved by {offset} elements");
        }
    }

    [Fact]
    public void Inputs_are_left_as_they_were()
    {
        foreach (KernelCall call in Calls())
        {
            Memory<float>[] before = call.CreateOperands(Seed, true);
            foreach (SimdLevel level in Levels.All)
            {
                Outcome after = Run(call, level, true);
                for (int index = 0; index < before.Length; index++)
                    if (call.Operands[index].IsInput)
                        Bits.AssertSame(before[index].Span, after.Operands[index].Span,
                            $"{call} {level}: input {call.Operands[index].Name}");
            }
        }
    }

    [Fact]
    public void Padding_between_the_rows_is_left_as_it_was()
    {
        foreach (KernelCall call in Calls())
            foreach (SimdLevel level in Levels.All)
            {
                Outcome after = Run(call, level, false);
                for (int index = 0; index < after.Operands.Length; index++)
                    AssertPadding(call, level, call.Operands[index], after.Operands[index].Span);
            }
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        foreach (KernelCall call in Calls())
        {
            Memory<float>[] operands = call.CreateOperands(Seed, false);
            Memory<int> classes = call.CreateClasses(Seed);
            call.Run(null, operands, classes);
            long allocated = Allocated(call, operands, classes);
            Expect.That(allocated == 0, $"{call} allocated {allocated} bytes");
        }
    }

    // The least of five runs: a kernel that allocates does so in each. About one whole pass in ten with EnableAVX2=0 had a single call charged
    // with less than the 8 KB of a thread's allocation context, at a different kernel each time; what charges it is not known.
    private static long Allocated(KernelCall call, Memory<float>[] operands, Memory<int> classes)
    {
        long least = long.MaxValue;
        for (int run = 0; run < 5 && least > 0; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            call.Run(null, operands, classes);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }

    [Fact]
    public void No_rows_do_nothing()
    {
        foreach (KernelCall call in KernelCatalogue.Rows(0, 5).Where(call => call.Method != nameof(Kernel.SoftmaxJacobian)))
            foreach (SimdLevel level in Levels.All)
                Assert.Equal(0f, Run(call, level, false).Result);
    }

    private const int Seed = 20_241;

    private static IEnumerable<KernelCall> Calls() =>
        Shapes.SelectMany(shape => KernelCatalogue.All(shape.Rows, shape.Columns, shape.Inner));

    private static void CompareLevels(KernelCall call, bool specialValues)
    {
        Outcome expected = Run(call, SimdLevel.Scalar, specialValues);
        foreach (SimdLevel level in Levels.Vectors)
            AssertSameOutcome(call, expected, Run(call, level, specialValues), $"{level}, special values: {specialValues}");
    }

    private static Outcome Run(KernelCall call, SimdLevel? level, bool specialValues, int offset = 0)
    {
        Memory<float>[] operands = [.. call.CreateOperands(Seed, specialValues).Select(operand => Moved(operand, offset))];
        return new(operands, call.Run(level, operands, Moved<int>(call.CreateClasses(Seed), offset)));
    }

    private static Memory<T> Moved<T>(Memory<T> values, int offset)
    {
        T[] moved = new T[offset + values.Length];
        values.CopyTo(moved.AsMemory(offset));
        return moved.AsMemory(offset);
    }

    private static void AssertSameOutcome(KernelCall call, Outcome expected, Outcome actual, string context)
    {
        Bits.AssertSame(expected.Result, actual.Result, $"{call} {context}: returned value");
        for (int index = 0; index < expected.Operands.Length; index++)
            Bits.AssertSame(expected.Operands[index].Span, actual.Operands[index].Span, $"{call} {context}: {call.Operands[index].Name}");
    }

    private static void AssertPadding(KernelCall call, SimdLevel level, Operand operand, ReadOnlySpan<float> values)
    {
        for (int row = 0; row < operand.Rows - 1; row++)
            for (int column = operand.Columns; column < operand.Stride; column++)
                Expect.That(values[row * operand.Stride + column] == Inputs.Padding,
                    $"{call} {level}: {operand.Name} changed between the rows, at [{row}, {column}]");
    }

    private sealed record Outcome(Memory<float>[] Operands, float Result);
}
