using System.Diagnostics;
using System.Runtime;

namespace Backprop.Benchmarks.Startup;

/// <summary>Time, compilation and allocation of this process since a moment.</summary>
internal readonly struct StartupClock
{
    private readonly long _start;
    private readonly long _methods;
    private readonly TimeSpan _jit;
    private readonly long _allocated;

    private StartupClock(long start)
    {
        _start = start;
        _methods = JitInfo.GetCompiledMethodCount();
        _jit = JitInfo.GetCompilationTime();
        _allocated = GC.GetTotalAllocatedBytes();
    }

    public static StartupClock Start() => new(Stopwatch.GetTimestamp());

    public StartupSample Stop()
    {
        TimeSpan taken = Stopwatch.GetElapsedTime(_start);
        return new StartupSample(
            taken.TotalNanoseconds, JitInfo.GetCompiledMethodCount() - _methods,
            (JitInfo.GetCompilationTime() - _jit).TotalMilliseconds, GC.GetTotalAllocatedBytes() - _allocated, Digest: "");
    }
}
