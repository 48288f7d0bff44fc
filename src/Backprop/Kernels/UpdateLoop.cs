using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>The update of parameters from their gradient, a vector of them at a time.</summary>
internal interface IUpdateRule
{
    /// <summary>How many numbers beside itself each parameter remembers, 0 … 2: those of the arguments are then read and written.</summary>
    static abstract int States { get; }

    /// <summary>Returns the new parameter and replaces what it remembers.</summary>
    TVector Invoke<TSimd, TVector>(TVector gradient, TVector parameter, ref TVector first, ref TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>
/// One pass over gradient, state and parameters, element by element: each is read once and written once. The last lanes run through the
/// same rule behind a mask; threads divide the elements.
/// </summary>
internal readonly unsafe struct UpdateLoop<TRule>(
    TRule rule, float* gradient, float* first, float* second, float* parameters, int count, int threads) : ISimdCall
    where TRule : unmanaged, IUpdateRule
{
    /// <summary>Fewer elements than this a thread are not worth waking it: about 10 µs of one core.</summary>
    private const int LeastElements = 1 << 16;

    /// <summary>A part begins on a cache line of its own if the whole does.</summary>
    private const int Unit = 16;

    private int Count => count;

    /// <summary>Runs a rule over spans of equal length; the states that it does not have are empty.</summary>
    public static void Run(
        SimdLevel level, TRule rule, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, Span<float> parameters, int threads)
    {
        fixed (float* g = gradient, s = first, t = second, w = parameters)
        {
            var call = new UpdateLoop<TRule>(rule, g, s, t, w, gradient.Length, threads);
            SimdDispatch.Run(level, call);
        }
    }

    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int parts = Math.Min(threads, count / LeastElements);
        if (parts <= 1)
        {
            Core<TSimd, TVector>(rule, gradient, first, second, parameters, count);
            return;
        }

        var division = new Division { Loop = this, Parts = parts };
        WorkerPool.Run(parts, &RunPart<TSimd, TVector>, &division);
    }

    private static void RunPart<TSimd, TVector>(void* state, int part)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        ref readonly Division division = ref *(Division*)state;
        (int begin, int end) = (division.Start(part), division.Start(part + 1));
        division.Loop.RunRange<TSimd, TVector>(begin, end - begin);
    }

    private void RunRange<TSimd, TVector>(int begin, int length)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        Core<TSimd, TVector>(rule, gradient + begin, first + begin, second + begin, parameters + begin, length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Core<TSimd, TVector>(
        in TRule original, float* gradient, float* first, float* second, float* parameters, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        // a copy that no store can change stays in registers
        TRule rule = original;
        int i = 0;
        // with 16 registers two vectors a turn took momentum 1.16 times as long
        for (; VectorRegisters.Are32 && i <= count - 2 * TSimd.Width; i += 2 * TSimd.Width)
        {
            Update<TSimd, TVector>(rule, gradient + i, first + i, second + i, parameters + i, 0);
            Update<TSimd, TVector>(rule, gradient + i, first + i, second + i, parameters + i, TSimd.Width);
        }
        for (; i <= count - TSimd.Width; i += TSimd.Width)
            Update<TSimd, TVector>(rule, gradient + i, first + i, second + i, parameters + i, 0);
        if (i < count)
        {
            TVector mask = TSimd.FirstLanes(count - i);
            TVector s = TSimd.Zero, t = TSimd.Zero;
            if (TRule.States > 0) s = TSimd.LoadMasked(first + i, mask);
            if (TRule.States > 1) t = TSimd.LoadMasked(second + i, mask);
            TVector w = rule.Invoke<TSimd, TVector>(
                TSimd.LoadMasked(gradient + i, mask), TSimd.LoadMasked(parameters + i, mask), ref s, ref t);
            if (TRule.States > 0) TSimd.StoreMasked(first + i, mask, s);
            if (TRule.States > 1) TSimd.StoreMasked(second + i, mask, t);
            TSimd.StoreMasked(parameters + i, mask, w);
        }
    }

    /// <summary>The vector at <paramref name="at"/>, a constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update<TSimd, TVector>(TRule rule, float* gradient, float* first, float* second, float* parameters, int at)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector s = TRule.States > 0 ? TSimd.Load(first + at) : TSimd.Zero;
        TVector t = TRule.States > 1 ? TSimd.Load(second + at) : TSimd.Zero;
        TVector w = rule.Invoke<TSimd, TVector>(TSimd.Load(gradient + at), TSimd.Load(parameters + at), ref s, ref t);
        if (TRule.States > 0) TSimd.Store(first + at, s);
        if (TRule.States > 1) TSimd.Store(second + at, t);
        TSimd.Store(parameters + at, w);
    }

    private struct Division
    {
        public UpdateLoop<TRule> Loop;
        public int Parts;

        public readonly int Start(int part) =>
            part == Parts ? Loop.Count : (int)((long)(Loop.Count / Unit) * part / Parts) * Unit;
    }
}
