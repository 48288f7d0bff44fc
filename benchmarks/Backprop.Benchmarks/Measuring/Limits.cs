using Backprop.Benchmarks.Cases;
using Backprop.Simd;

namespace Backprop.Benchmarks.Measuring;

/// <summary>Peaks of a number of threads together, and the roofline they make.</summary>
/// <param name="Threads">Threads that ran at once.</param>
/// <param name="FmaGflops">By level, 10⁹ operations a second of fused multiply-adds in registers.</param>
/// <param name="ReadGBps">By memory level, 10⁹ bytes read a second.</param>
/// <param name="WriteGBps">By memory level, 10⁹ bytes written a second.</param>
/// <param name="CopyGBps">By memory level, 10⁹ bytes a second, read and written together, where as many are written as read.</param>
/// <param name="Caches">The caches that tell which level holds a working set.</param>
internal sealed record Limits(
    int Threads,
    IReadOnlyDictionary<string, double> FmaGflops,
    IReadOnlyDictionary<MemoryLevel, double> ReadGBps,
    IReadOnlyDictionary<MemoryLevel, double> WriteGBps,
    IReadOnlyDictionary<MemoryLevel, double> CopyGBps,
    CacheSizes Caches)
{
    /// <summary>The peak of the best width, which need not be the widest.</summary>
    public double PeakGflops => FmaGflops.Values.Max();

    /// <summary>
    /// The least time a call can take, and what bounds it: its operations at the FMA peak, or its bytes at the bandwidths of the level
    /// that holds its working set. As many bytes as are both read and written go at the speed of a copy, the others at that of their own
    /// direction.
    /// </summary>
    public (double Nanoseconds, string BoundBy) Roofline(KernelCase problem)
    {
        MemoryLevel level = Caches.Holding(problem.WorkingSet);
        double compute = problem.Flops / PeakGflops, memory = MemoryTime(problem, level);
        return compute > memory ? (compute, "FMA") : (memory, level.ToString());
    }

    private double MemoryTime(KernelCase problem, MemoryLevel level)
    {
        double written = problem.BytesWritten, read = problem.Bytes - written, copied = 2 * Math.Min(read, written);
        return copied / CopyGBps[level] + Math.Max(read - written, 0) / ReadGBps[level] + Math.Max(written - read, 0) / WriteGBps[level];
    }
}
