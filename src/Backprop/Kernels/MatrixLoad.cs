using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>How the vectors of a matrix are loaded that a kernel reads once.</summary>
internal unsafe interface IMatrixLoad
{
    /// <summary>A vector; <paramref name="all"/> has all lanes.</summary>
    static abstract TVector Load<TSimd, TVector>(float* source, TVector all)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>From L1.</summary>
internal readonly unsafe struct InL1 : IMatrixLoad
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TSimd, TVector>(float* source, TVector all)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Load(source);
}

/// <summary>From beyond L1.</summary>
internal readonly unsafe struct BeyondL1 : IMatrixLoad
{
    /// <summary>A vector: at 512 bits through a mask of all lanes, which comes faster from L2 than a plain load (decision 0006).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TSimd, TVector>(float* source, TVector all)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Level == SimdLevel.V512 ? TSimd.LoadMasked(source, all) : TSimd.Load(source);
}
