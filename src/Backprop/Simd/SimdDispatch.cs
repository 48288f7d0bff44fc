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
/// <remarks>Each width has a method of its own, so that the runtime loads the types of the one that is used: all four take it 2 ms.</remarks>
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
            case SimdLevel.V512: At512Copy(call); break;
            case SimdLevel.V256: At256Copy(call); break;
            case SimdLevel.V128: At128Copy(call); break;
            default: AtOneLaneCopy(call); break;
        }
    }

    /// <summary>The same on <paramref name="call"/> itself: one that holds a result afterwards, or is too large to copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TCall>(SimdLevel level, ref TCall call)
        where TCall : struct, ISimdCall
    {
        switch (level)
        {
            case SimdLevel.V512: At512(ref call); break;
            case SimdLevel.V256: At256(ref call); break;
            case SimdLevel.V128: At128(ref call); break;
            default: AtOneLane(ref call); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void At512Copy<TCall>(TCall call)
        where TCall : struct, ISimdCall => At512(ref call);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void At256Copy<TCall>(TCall call)
        where TCall : struct, ISimdCall => At256(ref call);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void At128Copy<TCall>(TCall call)
        where TCall : struct, ISimdCall => At128(ref call);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AtOneLaneCopy<TCall>(TCall call)
        where TCall : struct, ISimdCall => AtOneLane(ref call);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void At512<TCall>(ref TCall call)
        where TCall : struct, ISimdCall => call.Run<Simd512, Vector512<float>>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void At256<TCall>(ref TCall call)
        where TCall : struct, ISimdCall => call.Run<Simd256, Vector256<float>>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void At128<TCall>(ref TCall call)
        where TCall : struct, ISimdCall => call.Run<Simd128, Vector128<float>>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AtOneLane<TCall>(ref TCall call)
        where TCall : struct, ISimdCall => call.Run<Scalar, float>();
}
