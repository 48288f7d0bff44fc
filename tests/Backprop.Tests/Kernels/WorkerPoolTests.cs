using Backprop.Kernels;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>The threads behind products and passes: every part runs once, and a failure belongs to the call that it happened in.</summary>
[Collection(ProcessWide.Name)]
public unsafe class WorkerPoolTests
{
    private const int Parts = 5;

    [Fact]
    public void Every_part_runs_once() => Assert.Equal([1, 1, 1, 1, 1], Counts());

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Parts - 1)]
    public void A_failure_reaches_the_caller_and_not_the_next_call(int leastThatFails)
    {
        for (int round = 0; round < 3; round++)
        {
            Assert.Throws<OutOfMemoryException>(() => RunFailing(leastThatFails));
            Assert.Equal([1, 1, 1, 1, 1], Counts());
        }
    }

    private static int[] Counts()
    {
        int[] counts = new int[Parts];
        fixed (int* first = counts)
            WorkerPool.Run(Parts, &Count, first);
        return counts;
    }

    private static void RunFailing(int leastThatFails) => WorkerPool.Run(Parts, &Fail, &leastThatFails);

    private static void Count(void* state, int part) => Interlocked.Increment(ref ((int*)state)[part]);

    private static void Fail(void* state, int part)
    {
        if (part >= *(int*)state)
            GC.KeepAlive(new byte[int.MaxValue]); // more than any array may have
    }
}
