using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>The steps that the softmax family shares, on one row of n weighted inputs.</summary>
internal static unsafe class SoftmaxRow
{
    /// <summary>max z_j; any number or NaN where the row has a NaN (what is computed from it is NaN then all the same).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max<TSimd, TVector>(float* z, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector smallest = TSimd.Broadcast(float.NegativeInfinity);
        TVector max = smallest, second = smallest, third = smallest, fourth = smallest;
        int width = TSimd.Width, j = 0;
        // four at a time: one chain of maxima would wait for itself
        for (; j <= count - 4 * width; j += 4 * width)
        {
            max = TSimd.Max(max, TSimd.Load(z + j));
            second = TSimd.Max(second, TSimd.Load(z + j + width));
            third = TSimd.Max(third, TSimd.Load(z + j + 2 * width));
            fourth = TSimd.Max(fourth, TSimd.Load(z + j + 3 * width));
        }
        max = TSimd.Max(TSimd.Max(max, second), TSimd.Max(third, fourth));
        if (j <= count - 2 * width)
        {
            max = TSimd.Max(TSimd.Max(max, TSimd.Load(z + j)), TSimd.Load(z + j + width));
            j += 2 * width;
        }
        if (j <= count - width)
        {
            max = TSimd.Max(max, TSimd.Load(z + j));
            j += width;
        }
        if (j < count)
        {
            TVector mask = TSimd.FirstLanes(count - j);
            max = TSimd.Max(max, TSimd.Select(mask, TSimd.LoadMasked(z + j, mask), smallest));
        }
        return TSimd.MaxLanes(max);
    }

    /// <summary>Σ exp(z_j − max) in the order of <see cref="LaneSum"/>, the exponentials kept in <paramref name="e"/> unless that is null;
    /// it may be <paramref name="z"/>.</summary>
    /// <param name="exp">The exponential.</param>
    /// <param name="z">The row.</param>
    /// <param name="count">Its length.</param>
    /// <param name="max">Its maximum.</param>
    /// <param name="e">Where the exponentials go.</param>
    /// <param name="lanes">Room for <see cref="LaneSum.Lanes"/> numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exponentials<TSimd, TVector>(
        in ExpOperator<TSimd, TVector> exp, float* z, int count, float max, float* e, float* lanes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (TSimd.Width == LaneSum.Lanes) return TSimd.SumLanes(Exponentials(exp, z, 0, count, TSimd.Broadcast(max), e));
        for (int lane = 0; lane < LaneSum.Lanes; lane += TSimd.Width)
            TSimd.Store(lanes + lane, Exponentials(exp, z, lane, count, TSimd.Broadcast(max), e));
        return LaneSum.Tree<TSimd, TVector>(lanes);
    }

    /// <summary>The sums of the lanes first … first + Width − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Exponentials<TSimd, TVector>(
        in ExpOperator<TSimd, TVector> exp, float* z, int first, int count, TVector max, float* e)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector sum = TSimd.Zero, mask = TSimd.Zero, last = TSimd.Zero;
        // as in the pipeline: the last lanes first
        int j = first, end = LaneSum.End<TSimd, TVector>(first, count);
        if (end < count)
        {
            mask = TSimd.FirstLanes(count - end);
            last = exp.InvokeBelowOverflow(TSimd.Subtract(TSimd.LoadMasked(z + end, mask), max));
        }
        for (; j <= count - TSimd.Width - LaneSum.Lanes; j += 2 * LaneSum.Lanes)
        {
            TVector here = TSimd.Subtract(TSimd.Load(z + j), max), next = TSimd.Subtract(TSimd.Load(z + j + LaneSum.Lanes), max);
            (here, next) = exp.InvokeBelowOverflow(here, next);
            if (e is not null)
            {
                TSimd.Store(e + j, here);
                TSimd.Store(e + j + LaneSum.Lanes, next);
            }
            sum = TSimd.Add(TSimd.Add(sum, here), next);
        }
        if (j <= count - TSimd.Width)
        {
            TVector value = exp.InvokeBelowOverflow(TSimd.Subtract(TSimd.Load(z + j), max));
            if (e is not null) TSimd.Store(e + j, value);
            sum = TSimd.Add(sum, value);
            j += LaneSum.Lanes;
        }
        if (end >= count) return sum;
        if (e is not null) TSimd.StoreMasked(e + end, mask, last);
        return TSimd.Add(sum, TSimd.And(last, mask));
    }

    /// <summary>a_j = e_j · reciprocal of the sum; <paramref name="activations"/> may be <paramref name="e"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Normalize<TSimd, TVector>(float* e, int count, float reciprocal, float* activations)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector factor = TSimd.Broadcast(reciprocal);
        int j = 0;
        for (; j <= count - 2 * TSimd.Width; j += 2 * TSimd.Width)
        {
            Scale<TSimd, TVector>(e + j, factor, activations + j);
            Scale<TSimd, TVector>(e + j + TSimd.Width, factor, activations + j + TSimd.Width);
        }
        if (j <= count - TSimd.Width)
        {
            Scale<TSimd, TVector>(e + j, factor, activations + j);
            j += TSimd.Width;
        }
        if (j < count)
        {
            TVector mask = TSimd.FirstLanes(count - j);
            TSimd.StoreMasked(activations + j, mask, TSimd.Multiply(TSimd.LoadMasked(e + j, mask), factor));
        }
    }

    /// <summary>One vector of a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale<TSimd, TVector>(float* e, TVector factor, float* activations)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Store(activations, TSimd.Multiply(TSimd.Load(e), factor));
}
