using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>Copies of blocks of A and B in the order in which the tiles read them.</summary>
internal static unsafe class GemmPacking
{
    /// <summary>destination[p · 2 Width + j] = source[p · sourceStride + j] for k rows of columns ≤ 2 Width elements: one panel of
    /// B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyPanel<TSimd, TVector>(float* source, nint sourceStride, int k, int columns, float* destination)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (columns < 2 * TSimd.Width)
        {
            ScaledCopy.Run<TSimd, TVector>(source, sourceStride, k, columns, 1f, destination, 2 * TSimd.Width);
            return;
        }
        for (int p = 0; p < k; p++, source += sourceStride, destination += 2 * TSimd.Width)
        {
            TSimd.Store(destination, TSimd.Load(source));
            TSimd.Store(destination + TSimd.Width, TSimd.Load(source + TSimd.Width));
        }
    }

    /// <summary>destination[p · width + j] = source[j · sourceStride + p] for columns ≤ width rows of k elements: one panel of B from
    /// Bᵀ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransposePanel(float* source, nint sourceStride, int k, int columns, float* destination, int width)
    {
        int j = 0;
        for (; j <= columns - 4; j += 4, source += 4 * sourceStride)
        {
            int p = 0;
            for (; p <= k - 4; p += 4) Transpose4X4(source + p, sourceStride, destination + (nint)p * width + j, width);
            for (; p < k; p++)
            {
                float* target = destination + (nint)p * width + j;
                for (int lane = 0; lane < 4; lane++) target[lane] = source[lane * sourceStride + p];
            }
        }
        for (; j < columns; j++, source += sourceStride)
        {
            for (int p = 0; p < k; p++) destination[(nint)p * width + j] = source[p];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4X4(float* source, nint sourceStride, float* destination, nint stride)
    {
        Vector128<float> row0 = Vector128.Load(source);
        Vector128<float> row1 = Vector128.Load(source + sourceStride);
        Vector128<float> row2 = Vector128.Load(source + 2 * sourceStride);
        Vector128<float> row3 = Vector128.Load(source + 3 * sourceStride);
        (Vector128<float> low02, Vector128<float> high02) = Interleave(row0, row2);
        (Vector128<float> low13, Vector128<float> high13) = Interleave(row1, row3);
        (Vector128<float> column0, Vector128<float> column1) = Interleave(low02, low13);
        (Vector128<float> column2, Vector128<float> column3) = Interleave(high02, high13);
        column0.Store(destination);
        column1.Store(destination + stride);
        column2.Store(destination + 2 * stride);
        column3.Store(destination + 3 * stride);
    }

    /// <summary>(a0, b0, a1, b1) and (a2, b2, a3, b3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> Low, Vector128<float> High) Interleave(Vector128<float> a, Vector128<float> b)
    {
        if (Sse.IsSupported) return (Sse.UnpackLow(a, b), Sse.UnpackHigh(a, b));
        if (AdvSimd.Arm64.IsSupported) return (AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b));
        return (Vector128.Create(a[0], b[0], a[1], b[1]), Vector128.Create(a[2], b[2], a[3], b[3]));
    }
}
