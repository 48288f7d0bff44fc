using Backprop.Simd;

namespace Backprop.Benchmarks.Accuracy;

/// <summary>The worst error of one function over the floats, and whether all levels give the same bits.</summary>
internal sealed record SweepResult(
    string Function, long Inputs, double WorstUlp, float WorstAt, SimdLevel? DifferentLevel, float DifferentAt);

/// <summary>Runs a function over every stride-th of the 2³² bit patterns, at each level, on all cores.</summary>
internal sealed class Sweep(AccurateFunction function, IReadOnlyList<SimdLevel> levels, int stride)
{
    private const long Patterns = 1L << 32;
    private const int ChunkLength = 1 << 16;

    private readonly Lock _lock = new();
    private double _worst = -1;
    private float _worstAt;
    private SimdLevel? _differentLevel;
    private float _differentAt;
    private long _done;

    public SweepResult Run(Action<double> progress)
    {
        long inputs = (Patterns + stride - 1) / stride;
        long chunks = (inputs + ChunkLength - 1) / ChunkLength;
        Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, chunk =>
        {
            long first = chunk * ChunkLength;
            RunChunk(first, (int)Math.Min(ChunkLength, inputs - first));
            lock (_lock) progress((double)++_done / chunks);
        });
        return new SweepResult(function.Name, inputs, _worst, _worstAt, _differentLevel, _differentAt);
    }

    private void RunChunk(long first, int count)
    {
        float[] x = new float[count];
        float[] results = new float[count];
        float[] others = new float[count];
        for (int i = 0; i < count; i++) x[i] = BitConverter.UInt32BitsToSingle((uint)((first + i) * stride));
        function.Kernel(levels[0], x, results);
        foreach (SimdLevel level in levels.Skip(1))
        {
            function.Kernel(level, x, others);
            Compare(level, x, results, others);
        }
        Measure(x, results);
    }

    private void Compare(SimdLevel level, float[] x, float[] expected, float[] actual)
    {
        for (int i = 0; i < x.Length; i++)
        {
            bool same = BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i])
                || (float.IsNaN(expected[i]) && float.IsNaN(actual[i]));
            if (same) continue;
            lock (_lock) (_differentLevel, _differentAt) = (level, x[i]);
            return;
        }
    }

    private void Measure(float[] x, float[] results)
    {
        double worst = -1;
        float at = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double error = Ulp.Error(function.Reference(x[i]), results[i]);
            if (error > worst) (worst, at) = (error, x[i]);
        }
        lock (_lock)
        {
            if (worst > _worst) (_worst, _worstAt) = (worst, at);
        }
    }
}
