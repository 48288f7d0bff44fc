using System.Runtime.InteropServices;
using Backprop.Simd;

namespace Backprop.Benchmarks.Measuring;

/// <summary>The bytes that threads can move together within one level of memory.</summary>
internal static class Bandwidth
{
    private const int Alignment = 64;

    /// <summary>
    /// 10⁹ bytes a second, each thread going through <paramref name="bytesPerThread"/> of its own over and over. A copy goes from one
    /// half of them to the other and counts both what it reads and what it writes.
    /// </summary>
    public static double Measure(Traffic traffic, long bytesPerThread, int threads)
    {
        using Buffers buffers = new(threads, bytesPerThread);
        RateMeter meter = new(threads);
        return meter.Best(thread => new Job { Traffic = traffic, Buffers = buffers, Thread = thread }.Create());
    }

    // the loop bound to the widest vectors and a buffer
    private struct Job : ISimdCall
    {
        private RateMeter.Work? _work;

        public Traffic Traffic { get; init; }

        public Buffers Buffers { get; init; }

        public int Thread { get; init; }

        public RateMeter.Work Create()
        {
            SimdDispatch.Run(SimdSupport.Widest, ref this);
            return _work!;
        }

        public unsafe void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint buffer = Buffers.Address(Thread), count = Buffers.Count;
            _work = new RateMeter.Work(sizeof(float) * (double)count, Traffic switch
            {
                Traffic.Write => passes => WriteLoop.Run<TSimd, TVector>((float*)buffer, count, passes),
                Traffic.Copy => passes => CopyLoop.Run<TSimd, TVector>((float*)buffer, (float*)buffer + count / 2, count / 2, passes),
                _ => passes => Read<TSimd, TVector>(buffer, count, passes),
            });
        }

        private static unsafe void Read<TSimd, TVector>(nint buffer, nint count, int passes)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            float* result = stackalloc float[Simd512.Width];
            ReadLoop.Run<TSimd, TVector>((float*)buffer, count, passes, result);
        }
    }

    // one buffer a thread, filled, since pages that were never written are all the same one
    private sealed unsafe class Buffers : IDisposable
    {
        private readonly nint[] _addresses;

        public Buffers(int threads, long bytes)
        {
            // two halves of whole blocks, for any width and either loop
            int blocks = 2 * ReadLoop.Block;
            Count = (nint)Math.Max(bytes / sizeof(float) / blocks, 1) * blocks;
            _addresses = new nint[threads];
            for (int i = 0; i < threads; i++)
            {
                _addresses[i] = (nint)NativeMemory.AlignedAlloc((nuint)(Count * sizeof(float)), Alignment);
                new Span<float>((void*)_addresses[i], (int)Count).Fill(1);
            }
        }

        public nint Count { get; }

        public nint Address(int thread) => _addresses[thread];

        public void Dispose()
        {
            foreach (nint address in _addresses)
                NativeMemory.AlignedFree((void*)address);
        }
    }
}
