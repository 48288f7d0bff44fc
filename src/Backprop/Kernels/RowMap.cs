using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>An elementwise function of two vectors.</summary>
internal interface IBinaryOperator
{
    /// <summary>The function, lane by lane.</summary>
    static abstract TVector Invoke<TSimd, TVector>(TVector x, TVector y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>destination_rj = f(x_rj, y_rj) by rows; a stride of 0 between the rows of y repeats its first row.</summary>
internal readonly unsafe struct RowMap<TOperator>(float* x, float* y, int yStride, float* destination, int rows, int columns) : ISimdCall
    where TOperator : struct, IBinaryOperator
{
    /// <summary>Runs the map over spans of equal length.</summary>
    public static void Run(SimdLevel level, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination) =>
        Run(level, x, y, 0, 1, x.Length, destination);

    /// <summary>Runs the map over rows × columns elements, with the rows of y <paramref name="yStride"/> apart.</summary>
    public static void Run(
        SimdLevel level, ReadOnlySpan<float> x, ReadOnlySpan<float> y, int yStride, int rows, int columns, Span<float> destination)
    {
        fixed (float* first = x, second = y, target = destination)
        {
            var call = new RowMap<TOperator>(first, second, yStride, target, rows, columns);
            SimdDispatch.Run(level, ref call);
        }
    }

    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => Core<TSimd, TVector>(x, y, yStride, destination, rows, columns);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Core<TSimd, TVector>(float* x, float* y, nint yStride, float* destination, int rows, int columns)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int whole = columns - columns % TSimd.Width;
        TVector mask = TSimd.FirstLanes(columns - whole);
        for (int row = 0; row < rows; row++, x += columns, y += yStride, destination += columns)
        {
            for (int j = 0; j < whole; j += TSimd.Width)
                TSimd.Store(destination + j, TOperator.Invoke<TSimd, TVector>(TSimd.Load(x + j), TSimd.Load(y + j)));
            if (whole < columns)
            {
                TVector last = TOperator.Invoke<TSimd, TVector>(TSimd.LoadMasked(x + whole, mask), TSimd.LoadMasked(y + whole, mask));
                TSimd.StoreMasked(destination + whole, mask, last);
            }
        }
    }
}
