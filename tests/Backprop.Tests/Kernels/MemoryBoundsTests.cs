using System.Runtime.InteropServices;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>
/// Operands flush against pages that fault: a kernel that reads or writes one element outside of a span ends the test process,
/// whose stack trace then names the kernel.
/// </summary>
public class MemoryBoundsTests
{
    private static readonly (int Rows, int Columns)[] RowShapes = [(1, 1), (2, 3), (3, 5), (5, 10), (2, 15), (3, 16), (2, 17), (4, 33),
        (2, 100), (3, 127), (3, 130)];

    private static readonly (int M, int N, int K)[] MatrixShapes =
    [
        (0, 0, 0), (1, 1, 1), (1, 17, 3), (17, 1, 5), (2, 3, 0), (5, 5, 5), (3, 16, 8), (6, 32, 4), (7, 33, 9), (12, 64, 2), (13, 65, 3),
        (31, 17, 33), (1, 100, 31), (10, 30, 100), (16, 48, 16), (23, 95, 70), (48, 64, 1_030), (70, 66, 1_000), (37, 5, 141), (3, 141, 141),
        (37, 3, 19), (35, 2, 17), (33, 4, 50), (34, 1, 21),
        (1, 9, 24), (2, 11, 56), (5, 6, 40), (6, 7, 100), (4, 3, 136),
    ];

    private static readonly Func<int, bool>[] FirstOrLast = [_ => true, _ => false];

    // Where a matrix begins decides how the vectors beside it are read, too.
    private static readonly Func<int, bool>[] EveryOther = [index => index % 2 == 0, index => index % 2 != 0];

    [Fact]
    public void Elementwise_kernels_stay_inside_their_spans()
    {
        for (int length = 0; length <= 256; length++)
            RunBetweenFaultingPages(KernelCatalogue.Elementwise(length));
    }

    [Fact]
    public void Row_kernels_stay_inside_their_spans()
    {
        for (int length = 1; length <= 256; length++)
            RunBetweenFaultingPages(KernelCatalogue.Rows(1, length).Where(call =>
                call.Method != "SoftmaxJacobian" || length % 16 is 0 or 1 or 15));
        foreach ((int rows, int columns) in RowShapes)
            RunBetweenFaultingPages(KernelCatalogue.Rows(rows, columns));
    }

    [Fact]
    public void Matrix_kernels_stay_inside_their_spans()
    {
        foreach ((int m, int n, int k) in MatrixShapes)
            foreach ((int padding, float alpha) in new[] { (0, 1f), (3, 1f), (0, 0.7f) })
                RunBetweenFaultingPages(KernelCatalogue.Matrices(m, n, k, padding, alpha), [.. FirstOrLast, .. EveryOther]);
    }

    [Fact]
    public void The_pages_at_both_ends_fault()
    {
        SkipWithoutGuardedMemory();
        using GuardedRegion<byte> region = new(1);
        const int BadAddress = 14; // EFAULT
        Assert.Equal(BadAddress, ErrorOfReadingAt(ref MemoryMarshal.GetReference(region.First(1).Span), -1));
        Assert.NotEqual(BadAddress, ErrorOfReadingAt(ref MemoryMarshal.GetReference(region.First(1).Span), 0));
        Assert.NotEqual(BadAddress, ErrorOfReadingAt(ref MemoryMarshal.GetReference(region.Last(1).Span), 0));
        Assert.Equal(BadAddress, ErrorOfReadingAt(ref MemoryMarshal.GetReference(region.Last(1).Span), 1));
    }

    private static void RunBetweenFaultingPages(IEnumerable<KernelCall> calls, Func<int, bool>[]? placements = null)
    {
        SkipWithoutGuardedMemory();
        foreach (KernelCall call in calls)
        {
            Memory<float>[] expected = call.CreateOperands(1, false);
            float expectedResult = call.Run(SimdLevel.Scalar, expected, call.CreateClasses(1));
            GuardedRegion<float>[] regions = [.. call.Operands.Select(operand => new GuardedRegion<float>(operand.Length))];
            using GuardedRegion<int> classRegion = new(call.ClassRows);
            foreach (SimdLevel level in Levels.All)
            {
                foreach (Func<int, bool> isAtStart in placements ?? FirstOrLast)
                {
                    Memory<int> classes = Place(classRegion, call.CreateClasses(1), isAtStart(regions.Length));
                    Memory<float>[] operands = [.. call.CreateOperands(1, false).Select((operand, index) =>
                        Place(regions[index], operand, isAtStart(index)))];
                    Bits.AssertSame(expectedResult, call.Run(level, operands, classes), $"{call} {level}: returned value");
                    for (int index = 0; index < operands.Length; index++)
                        Bits.AssertSame(expected[index].Span, operands[index].Span, $"{call} {level}: {call.Operands[index].Name}");
                }
            }
            foreach (IDisposable region in regions)
                region.Dispose();
        }
    }

    private static Memory<T> Place<T>(GuardedRegion<T> region, Memory<T> values, bool atStart)
        where T : unmanaged
    {
        Memory<T> place = atStart ? region.First(values.Length) : region.Last(values.Length);
        values.CopyTo(place);
        return place;
    }

    private static unsafe int ErrorOfReadingAt(ref byte origin, int offset)
    {
        fixed (byte* address = &origin)
        {
            Assert.Equal(-1, NativeMethods.Access((nint)(address + offset), 0));
            return Marshal.GetLastPInvokeError();
        }
    }

    private static void SkipWithoutGuardedMemory() => Assert.SkipUnless(OperatingSystem.IsLinux(), GuardedRegion<float>.Prerequisite);
}
