using Backprop.Simd;

namespace Backprop.Benchmarks.Measuring;

/// <summary>The fused multiply-adds that threads can do together at one width.</summary>
internal static class FmaPeak
{
    /// <summary>10⁹ operations a second.</summary>
    public static double Measure(SimdLevel level, int threads)
    {
        RateMeter meter = new(threads);
        return meter.Best(_ => new Job { Level = level }.Create());
    }

    // the loop bound to a width
    private struct Job : ISimdCall
    {
        private RateMeter.Work? _work;

        public SimdLevel Level { get; init; }

        public RateMeter.Work Create()
        {
            SimdDispatch.Run(Level, ref this);
            return _work!;
        }

        public unsafe void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct =>
            _work = new RateMeter.Work(FmaLoop.OperationsPerIteration(TSimd.Width), iterations =>
            {
                float* result = stackalloc float[Simd512.Width];
                FmaLoop.Run<TSimd, TVector>(iterations, result);
            });
    }
}
