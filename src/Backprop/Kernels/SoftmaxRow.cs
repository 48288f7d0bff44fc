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
        for (; j <= count - width; j += width) max = TSimd.Max(max, TSimd.Load(z + j));
        if (j < count)
        {
            TVector mask = TSimd.FirstLanes(count - j);
            max = TSimd.Max(max, TSimd.Select(mask, TSimd.LoadMasked(z + j, mask), smallest));
        }
        return TSimd.MaxLanes(max);
    }

    /// <summary>
    /// A row that fits one vector, without a trip through memory: e_j = exp(z_j − max), 0 outside the mask, and their sum. The same bits as
    /// <see cref="Exponentials"/>, whose other lanes are 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector E, float Max, float Sum) OfOneVector<TSimd, TVector>(float* z, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector row = TSimd.LoadMasked(z, mask);
        float max = TSimd.MaxLanes(TSimd.Select(mask, row, TSimd.Broadcast(float.NegativeInfinity)));
        TVector e = TSimd.And(ExpOperator.InvokeBelowOverflow<TSimd, TVector>(TSimd.Subtract(row, TSimd.Broadcast(max))), mask);
        return (e, max, TSimd.SumLanes(e));
    }

    /// <summary>Writes e_j = exp(z_j − max) and returns their sum; <paramref name="e"/> may be <paramref name="z"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Exponentials<TSimd, TVector>(float* z, int count, float max, float* e)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => LaneSum.Run<TSimd, TVector, StoredExponentialTerm>(new StoredExponentialTerm(z, max, e), count);

    /// <summary>Σ exp(z_j − max), the same bits as <see cref="Exponentials"/>, without writing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfExponentials<TSimd, TVector>(float* z, int count, float max)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => LaneSum.Run<TSimd, TVector, ExponentialTerm>(new ExponentialTerm(z, max), count);

    /// <summary>a_j = e_j / Σe, by the reciprocal; written to <paramref name="activations"/>, which may be <paramref name="e"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Normalize<TSimd, TVector>(float* e, int count, float sum, float* activations)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector reciprocal = TSimd.Broadcast(1f / sum);
        int j = 0;
        for (; j <= count - TSimd.Width; j += TSimd.Width) TSimd.Store(activations + j, TSimd.Multiply(TSimd.Load(e + j), reciprocal));
        if (j < count)
        {
            TVector mask = TSimd.FirstLanes(count - j);
            TSimd.StoreMasked(activations + j, mask, TSimd.Multiply(TSimd.LoadMasked(e + j, mask), reciprocal));
        }
    }

    /// <summary>The natural logarithm of one number, the same bits as <see cref="Kernel.Log(ReadOnlySpan{float}, Span{float})"/>.</summary>
    public static float Log(float x) => LogOperator.Invoke<Scalar, float>(x);
}

/// <summary>exp(z_j − max).</summary>
internal readonly unsafe struct ExponentialTerm(float* z, float max) : ILaneTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Add<TSimd, TVector>(TVector sum, int j)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Add(sum, ExpOperator.InvokeBelowOverflow<TSimd, TVector>(TSimd.Subtract(TSimd.Load(z + j), TSimd.Broadcast(max))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector AddMasked<TSimd, TVector>(TVector sum, int j, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector e = ExpOperator.InvokeBelowOverflow<TSimd, TVector>(TSimd.Subtract(TSimd.LoadMasked(z + j, mask), TSimd.Broadcast(max)));
        return TSimd.Add(sum, TSimd.And(e, mask));
    }
}

/// <summary>exp(z_j − max), kept in e_j.</summary>
internal readonly unsafe struct StoredExponentialTerm(float* z, float max, float* e) : ILaneTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Add<TSimd, TVector>(TVector sum, int j)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector value = ExpOperator.InvokeBelowOverflow<TSimd, TVector>(TSimd.Subtract(TSimd.Load(z + j), TSimd.Broadcast(max)));
        TSimd.Store(e + j, value);
        return TSimd.Add(sum, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector AddMasked<TSimd, TVector>(TVector sum, int j, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector distance = TSimd.Subtract(TSimd.LoadMasked(z + j, mask), TSimd.Broadcast(max));
        TVector value = ExpOperator.InvokeBelowOverflow<TSimd, TVector>(distance);
        TSimd.StoreMasked(e + j, mask, value);
        return TSimd.Add(sum, TSimd.And(value, mask));
    }
}
