using System.Runtime.CompilerServices;

namespace Backprop.Kernels;

/// <summary>A buffer each thread keeps for packed panels, aligned to 64 bytes; it grows to the largest request and stays.</summary>
internal static unsafe class ScratchBuffer
{
    private const int Alignment = 64;

    [ThreadStatic]
    private static float[]? t_buffer;

    /// <summary>The calling thread's buffer with room for <paramref name="length"/> elements; what it holds is undefined.</summary>
    public static float* Get(int length)
    {
        float[]? buffer = t_buffer;
        int needed = length + Alignment / sizeof(float);
        if (buffer is null || buffer.Length < needed)
            t_buffer = buffer = GC.AllocateUninitializedArray<float>(needed, pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref buffer[0]);
        return (float*)((address + Alignment - 1) & ~(nuint)(Alignment - 1));
    }
}
