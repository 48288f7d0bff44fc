using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>A matrix copied and multiplied by one number; source and destination may be the same.</summary>
internal static unsafe class ScaledCopy
{
    /// <summary>destination[i · stride + j] = factor · source[i · sourceStride + j] for rows × columns elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TSimd, TVector>(
        float* source, nint sourceStride, int rows, int columns, float factor, float* destination, nint stride)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector factors = TSimd.Broadcast(factor);
        int whole = columns - columns % TSimd.Width;
        TVector mask = TSimd.FirstLanes(columns - whole);
        if (columns == 2 * TSimd.Width)
        {
            // a panel of B has so many rows that the loop over its two vectors would show
            for (; rows > 0; rows--, source += sourceStride, destination += stride)
            {
                TSimd.Store(destination, TSimd.Multiply(factors, TSimd.Load(source)));
                TSimd.Store(destination + TSimd.Width, TSimd.Multiply(factors, TSimd.Load(source + TSimd.Width)));
            }
            return;
        }
        for (int i = 0; i < rows; i++, source += sourceStride, destination += stride)
        {
            for (int j = 0; j < whole; j += TSimd.Width) TSimd.Store(destination + j, TSimd.Multiply(factors, TSimd.Load(source + j)));
            if (whole < columns)
                TSimd.StoreMasked(destination + whole, mask, TSimd.Multiply(factors, TSimd.LoadMasked(source + whole, mask)));
        }
    }
}
