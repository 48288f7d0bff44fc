using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>What is said of the library's threads, where no other test uses them meanwhile.</summary>
[Collection(ProcessWide.Name)]
public class GemmThreadsTests
{
    [Fact]
    public void Threads_allocate_nothing_once_they_run()
    {
        GemmProblem problem = new(Transpose.No, Transpose.No, 129, 333, 200);
        float[] a = problem.A;
        float[] b = problem.B;
        float[] c = problem.C;
        problem.Run(SimdSupport.Current, a, b, c, threads: 3);
        long before = GC.GetAllocatedBytesForCurrentThread();
        problem.Run(SimdSupport.Current, a, b, c, threads: 3);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
