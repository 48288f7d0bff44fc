using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>How the stored elements of a row become floats.</summary>
internal unsafe interface IRowElement<TElement>
    where TElement : unmanaged
{
    /// <summary>A vector of the elements from <paramref name="source"/> on.</summary>
    static abstract TVector Load<TSimd, TVector>(TElement* source)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>Floats, as they are.</summary>
internal readonly unsafe struct SingleElement : IRowElement<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TSimd, TVector>(float* source)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Load(source);
}

/// <summary>Pixels of 0 … 255 as the floats pixel / 255.</summary>
internal readonly unsafe struct PixelElement : IRowElement<byte>
{
    public const float Largest = 255;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TSimd, TVector>(byte* source)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Divide(TSimd.LoadBytes(source), TSimd.Broadcast(Largest));
}
