using System.Runtime.InteropServices;
using Backprop.Simd;

namespace Backprop.Benchmarks.Measuring;

/// <summary>The bytes that threads can read together from one level of memory.</summary>
internal static class ReadBandwidth
{
    private const int Alignment = 64;

    /// <summary>10⁹ bytes a second, each thread reading <paramref name="bytesPerThread"/> of its own over and over.</summary>
    public static double Measure(long bytesPerThread, int threads)
    {
        using Buffers buffers = new(threads, bytesPerThread);
        RateMeter meter = new(threads);
        return meter.Best(thread => new Job { Buffers = buffers, Thread = thread }.Create());
    }

    // the loop bound to the widest vectors and a buffer
    private struct Job : ISimdCall
    {
        private RateMeter.Work? _work;

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
            nint source = Buffers.Address(Thread), count = Buffers.Count;
            _work = new RateMeter.Work(sizeof(float) * (double)count, passes =>
            {
                float* result = stackalloc float[Simd512.Width];
                ReadLoop.Run<TSimd, TVector>((float*)source, count, passes, result);
            });
        }
    }

    // one buffer a thread, filled, since pages that were never written are all the same one
    private sealed unsafe class Buffers : IDisposable
    {
        private readonly nint[] _addresses;

        public Buffers(int threads, long bytes)
        {
            Count = (nint)Math.Max(bytes / sizeof(float) / ReadLoop.Block, 1) * ReadLoop.Block;
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
