namespace Backprop.Tests.Support;

/// <summary>What the calling thread allocates while something runs.</summary>
internal static class Allocated
{
    private const int MostRuns = 5;

    /// <summary>The bytes of the run that allocates least, of five at most. What allocates does so in every run; the runtime sometimes
    /// charges a thread a few kilobytes of its own, as when a loop is compiled anew while it runs or a collection takes the rest of the
    /// thread's allocation context back.</summary>
    public static long BytesOf(Action action)
    {
        long least = long.MaxValue;
        for (int run = 0; run < MostRuns && least > 0; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
