using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>An elementwise function of one vector.</summary>
internal interface IUnaryOperator
{
    /// <summary>The function, lane by lane.</summary>
    static abstract TVector Invoke<TSimd, TVector>(TVector x)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>destination_i = f(x_i) over contiguous elements; the last lanes run through the same function behind a mask.</summary>
internal readonly unsafe struct Map<TOperator>(float* x, float* destination, int count) : ISimdCall
    where TOperator : struct, IUnaryOperator
{
    /// <summary>Runs the map over spans of equal length.</summary>
    public static void Run(SimdLevel level, ReadOnlySpan<float> x, Span<float> destination)
    {
        fixed (float* source = x, target = destination)
        {
            var call = new Map<TOperator>(source, target, x.Length);
            SimdDispatch.Run(level, ref call);
        }
    }

    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => Core<TSimd, TVector>(x, destination, count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Core<TSimd, TVector>(float* x, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
            TSimd.Store(destination + i, TOperator.Invoke<TSimd, TVector>(TSimd.Load(x + i)));
        if (i < count)
        {
            TVector mask = TSimd.FirstLanes(count - i);
            TSimd.StoreMasked(destination + i, mask, TOperator.Invoke<TSimd, TVector>(TSimd.LoadMasked(x + i, mask)));
        }
    }
}
