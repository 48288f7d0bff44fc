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
    /// <summary>Runs <paramref name="call"/> at <paramref name="level"/>.</summary>
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
}
