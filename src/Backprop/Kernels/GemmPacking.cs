using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>Matrices turned round into the panels that tiles read.</summary>
internal static unsafe class GemmPacking
{
    /// <summary>destination[p · width + j] = source[j · sourceStride + p] for columns ≤ width rows of k elements: one panel of B from
    /// Bᵀ. As many rows at a time as a vector has lanes, then four, then one.</summary>
    public static void TransposePanel<TSimd, TVector>(float* source, nint sourceStride, int k, int columns, float* destination, int width)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int j = 0;
        if (TSimd.Level == SimdLevel.V512) j = Strips<Simd512, Vector512<float>>(source, sourceStride, k, columns, destination, width);
        if (TSimd.Level == SimdLevel.V256) j = Strips<Simd256, Vector256<float>>(source, sourceStride, k, columns, destination, width);
        if (TSimd.Level != SimdLevel.Scalar)
            j += Strips<Simd128, Vector128<float>>(source + j * sourceStride, sourceStride, k, columns - j, destination + j, width);
        for (; j < columns; j++)
        {
            for (int p = 0; p < k; p++) destination[(nint)p * width + j] = source[j * sourceStride + p];
        }
    }

    /// <summary>The same for as many whole strips of Width rows as there are; returns how many rows they were.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Strips<TSimd, TVector>(float* source, nint sourceStride, int k, int columns, float* destination, int width)
        where TSimd : struct, ISimd<TVector>, IQuads<TVector>
        where TVector : struct
    {
        int j = 0;
        for (; j <= columns - TSimd.Width; j += TSimd.Width, source += TSimd.Width * sourceStride, destination += TSimd.Width)
        {
            float* from = source, to = destination;
            int left = k;
            for (; left >= 4; left -= 4, from += 4, to += 4 * (nint)width)
                Transpose4<TSimd, TVector>(from, sourceStride, to, width);
            for (; left > 0; left--, from++, to += width)
            {
                for (int lane = 0; lane < TSimd.Width; lane++) to[lane] = from[lane * sourceStride];
            }
        }
        return j;
    }

    /// <summary>Four elements of each of Width rows become four rows of Width elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4<TSimd, TVector>(float* source, nint sourceStride, float* destination, nint stride)
        where TSimd : struct, ISimd<TVector>, IQuads<TVector>
        where TVector : struct
    {
        // quad q of row r holds four elements of row 4 q + r
        TVector row0 = TSimd.LoadQuads(source, 4 * sourceStride);
        TVector row1 = TSimd.LoadQuads(source + sourceStride, 4 * sourceStride);
        TVector row2 = TSimd.LoadQuads(source + 2 * sourceStride, 4 * sourceStride);
        TVector row3 = TSimd.LoadQuads(source + 3 * sourceStride, 4 * sourceStride);
        TVector low02 = TSimd.InterleaveLow(row0, row2), high02 = TSimd.InterleaveHigh(row0, row2);
        TVector low13 = TSimd.InterleaveLow(row1, row3), high13 = TSimd.InterleaveHigh(row1, row3);
        TSimd.Store(destination, TSimd.InterleaveLow(low02, low13));
        TSimd.Store(destination + stride, TSimd.InterleaveHigh(low02, low13));
        TSimd.Store(destination + 2 * stride, TSimd.InterleaveLow(high02, high13));
        TSimd.Store(destination + 3 * stride, TSimd.InterleaveHigh(high02, high13));
    }
}
