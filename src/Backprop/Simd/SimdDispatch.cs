using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Backprop.Simd;

/// <summary>The arguments of one kernel call, ready to run at any width.</summary>
internal interface ISimdCall
{
    /// <summary>Runs the call with the given witness.</summary>
    void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>The one place where a level turns into a type.</summary>
internal static class SimdDispatch
{
    /// <summary>Runs <paramref name="call"/> at <paramref name="level"/>, on a copy: where the call is not inlined it takes the copy's
    /// address, and the original can stay in registers, which is a tenth of the time of ten exponentials.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TCall>(SimdLevel level, TCall call)
        where TCall : struct, ISimdCall
    {
        switch (level)
        {
            case SimdLevel.V512: RunCopy<TCall, Simd512, Vector512<float>>(call); break;
            case SimdLevel.V256: RunCopy<TCall, Simd256, Vector256<float>>(call); break;
            case SimdLevel.V128: RunCopy<TCall, Simd128, Vector128<float>>(call); break;
            default: RunCopy<TCall, Scalar, float>(call); break;
        }
    }

    /// <summary>The same on <paramref name="call"/> itself: one that holds a result afterwards, or is too large to copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TCall>(SimdLevel level, ref TCall call)
        where TCall : struct, ISimdCall
    {
        switch (level)
        {
            case SimdLevel.V512: call.Run<Simd512, Vector512<float>>(); break;
            case SimdLevel.V256: call.Run<Simd256, Vector256<float>>(); break;
            case SimdLevel.V128: call.Run<Simd128, Vector128<float>>(); break;
            default: call.Run<Scalar, float>(); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunCopy<TCall, TSimd, TVector>(TCall call)
        where TCall : struct, ISimdCall
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => call.Run<TSimd, TVector>();
}
