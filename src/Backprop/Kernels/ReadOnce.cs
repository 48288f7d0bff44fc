using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>Loads of a matrix that a kernel reads once.</summary>
internal static unsafe class ReadOnce
{
    /// <summary>A vector: at 512 bits through a mask of all lanes, which comes faster from L2 than a plain load (decision 0006).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TSimd, TVector>(float* source, TVector all)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Level == SimdLevel.V512 ? TSimd.LoadMasked(source, all) : TSimd.Load(source);
}
