using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>One turn of the softmax over long rows: the exponentials of a row, the maximum of the next, the division of the one
/// before.</summary>
/// <remarks>
/// The exponentials leave the memory ports idle and the other two leave the multipliers idle, so that together they take little longer
/// than the exponentials alone: 64 rows of 1000 took 12.4 µs one after the other and take 10.2.
/// Each number goes through the same operations either way.
/// </remarks>
internal unsafe struct SoftmaxPipeline
{
    /// <summary>Rows shorter than this go through <see cref="SoftmaxBlock"/>: too little in one to hide the turn's start.</summary>
    public const int LeastColumns = 128;

    /// <summary>The row's logits, and where its exponentials go; they may be the same.</summary>
    public float* Z, E;

    /// <summary>The logits of the next row, or of any other where there is none.</summary>
    public float* Next;

    /// <summary>The exponentials of the row before, which become its activations.</summary>
    public float* Previous;

    /// <summary>Where the error a − y of the row before goes, or null.</summary>
    public float* Delta;

    /// <summary>The targets of the row before, or null for y = 0.</summary>
    public float* Targets;

    /// <summary>The maximum of the row; that of the next after the turn.</summary>
    public float Max;

    /// <summary>What the exponentials of the row before are multiplied by.</summary>
    public float Reciprocal;

    /// <summary>Runs the turn and returns the sum of the exponentials.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float Run<TSimd, TVector>(float* constants, SoftmaxPipeline* turn, int columns)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        var exp = ExpOperator<TSimd, TVector>.Create(constants);
        float* lanes = stackalloc float[LaneSum.Lanes];
        TVector nextMax = TSimd.Broadcast(float.NegativeInfinity);
        for (int lane = 0; lane < LaneSum.Lanes; lane += TSimd.Width)
        {
            TVector sum = Lanes(exp, turn, lane, columns, ref nextMax);
            if (TSimd.Width == LaneSum.Lanes)
            {
                turn->Max = TSimd.MaxLanes(nextMax);
                return TSimd.SumLanes(sum);
            }
            TSimd.Store(lanes + lane, sum);
        }
        turn->Max = TSimd.MaxLanes(nextMax);
        return LaneSum.Tree<TSimd, TVector>(lanes);
    }

    /// <summary>The lanes first … first + Width − 1 of each sixteen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Lanes<TSimd, TVector>(
        in ExpOperator<TSimd, TVector> exp, SoftmaxPipeline* turn, int first, int columns, ref TVector nextMax)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* z = turn->Z, e = turn->E, next = turn->Next, previous = turn->Previous, delta = turn->Delta, y = turn->Targets;
        TVector max = TSimd.Broadcast(turn->Max), reciprocal = TSimd.Broadcast(turn->Reciprocal);
        TVector sum = TSimd.Zero, largest = nextMax, mask = TSimd.Zero, rest = TSimd.Zero;
        // the last lanes are computed first and added last: at the end of the turn their chain of operations would have to be waited for
        int j = first, end = LaneSum.End<TSimd, TVector>(first, columns);
        if (end < columns)
        {
            mask = TSimd.FirstLanes(columns - end);
            rest = exp.InvokeBelowOverflow(TSimd.Subtract(TSimd.LoadMasked(z + end, mask), max));
            largest = TSimd.Max(
                largest, TSimd.Select(mask, TSimd.LoadMasked(next + end, mask), TSimd.Broadcast(float.NegativeInfinity)));
        }
        for (; j <= columns - TSimd.Width - LaneSum.Lanes; j += 2 * LaneSum.Lanes)
        {
            int k = j + LaneSum.Lanes;
            TVector here = TSimd.Subtract(TSimd.Load(z + j), max), there = TSimd.Subtract(TSimd.Load(z + k), max);
            (here, there) = exp.InvokeBelowOverflow(here, there);
            largest = TSimd.Max(TSimd.Max(largest, TSimd.Load(next + j)), TSimd.Load(next + k));
            TSimd.Store(e + j, here);
            TSimd.Store(e + k, there);
            sum = TSimd.Add(TSimd.Add(sum, here), there);
            Divide<TSimd, TVector>(previous + j, reciprocal, delta, y, j);
            Divide<TSimd, TVector>(previous + k, reciprocal, delta, y, k);
        }
        if (j <= columns - TSimd.Width)
        {
            TVector value = exp.InvokeBelowOverflow(TSimd.Subtract(TSimd.Load(z + j), max));
            largest = TSimd.Max(largest, TSimd.Load(next + j));
            TSimd.Store(e + j, value);
            sum = TSimd.Add(sum, value);
            Divide<TSimd, TVector>(previous + j, reciprocal, delta, y, j);
            j += LaneSum.Lanes;
        }
        if (end < columns)
        {
            TVector a = TSimd.Multiply(TSimd.LoadMasked(previous + end, mask), reciprocal);
            TSimd.StoreMasked(e + end, mask, rest);
            TSimd.StoreMasked(previous + end, mask, a);
            sum = TSimd.Add(sum, TSimd.And(rest, mask));
            if (delta is not null)
                TSimd.StoreMasked(delta + end, mask, y is null ? a : TSimd.Subtract(a, TSimd.LoadMasked(y + end, mask)));
        }
        nextMax = largest;
        return sum;
    }

    /// <summary>The activations of a vector of the row before and, where they are wanted, its errors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Divide<TSimd, TVector>(float* previous, TVector reciprocal, float* delta, float* y, int j)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector a = TSimd.Multiply(TSimd.Load(previous), reciprocal);
        TSimd.Store(previous, a);
        if (delta is not null) TSimd.Store(delta + j, y is null ? a : TSimd.Subtract(a, TSimd.Load(y + j)));
    }
}
