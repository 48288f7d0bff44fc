using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Kernels;

/// <summary>Asks for or touches memory before it is used.</summary>
internal static unsafe class Prefetch
{
    /// <summary>The elements of a cache line.</summary>
    public const int CacheLine = 16;

    /// <summary>Asks for one line in L1, where the processor has an instruction for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Near(void* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }

    /// <summary>The same in L2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Far(void* address)
    {
        if (Sse.IsSupported) Sse.Prefetch1(address);
    }

    /// <summary>Reads all of it.</summary>
    /// <remarks>
    /// What another core has written lately comes several times faster when it is read in order, a cache line after the other, than when a
    /// product first meets it panel by panel: only then the processor's own prefetching runs ahead. Where it was near already, the cost is
    /// that of one load a line.
    /// </remarks>
    public static void InOrder(ReadOnlySpan<float> memory)
    {
        fixed (float* start = memory)
        {
            for (int i = 0; i < memory.Length; i += CacheLine) _ = Volatile.Read(ref start[i]);
        }
    }
}
