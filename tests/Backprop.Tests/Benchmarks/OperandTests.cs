using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Backprop.Benchmarks.Cases;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public class OperandTests
{
    [Fact]
    public void OperandsBeginAtACacheLineAndStayThere()
    {
        Operand[] operands = [.. Enumerable.Range(0, 200).Select(length => new Operand(length)), new Operand(1_000_000)];
        nint[] before = [.. operands.Select(Address)];
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Assert.All(before, address => Assert.Equal(0, address % Operand.Alignment));
        Assert.Equal(before, operands.Select(Address));
    }

    [Fact]
    public void EveryNumberIsTheOperandsOwn()
    {
        for (int length = 0; length < 50; length++)
        {
            Operand a = new(length), b = new(length);
            for (int i = 0; i < length; i++)
                a[i] = i + 1;
            a.CopyTo(b);
            a.Fill(float.NaN);
            Assert.Equal(Enumerable.Range(1, length).Select(i => (float)i), b.ToArray());
            Assert.Equal(b.ToArray(), b.Memory.ToArray());
            Assert.Throws<IndexOutOfRangeException>(() => b[b.Length]);
        }
    }

    private static unsafe nint Address(Operand operand) =>
        (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(operand.AsSpan()));
}
