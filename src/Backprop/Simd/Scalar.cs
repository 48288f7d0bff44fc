using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Simd;

/// <summary>One lane.</summary>
internal readonly unsafe struct Scalar : ISimd<float>
{
    private static float AllBits => BitConverter.Int32BitsToSingle(-1);

    public static SimdLevel Level => SimdLevel.Scalar;

    public static int Width => 1;

    public static float Zero => 0f;

    public static float Broadcast(float value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float BroadcastBits(int bits) => BitConverter.Int32BitsToSingle(bits);

    public static float Load(float* source) => *source;

    public static float LoadBytes(byte* source) => *source;

    public static void Store(float* destination, float value) => *destination = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FirstLanes(int count) => count > 0 ? AllBits : 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LoadMasked(float* source, float mask) => IsSet(mask) ? *source : 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreMasked(float* destination, float mask, float value)
    {
        if (IsSet(mask)) *destination = value;
    }

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FusedMultiplyAdd(float a, float b, float addend) =>
        Fma.IsSupported || !Sse41.IsSupported
            ? MathF.FusedMultiplyAdd(a, b, addend)
            : SoftwareFusedMultiplyAdd.Compute(a, b, addend);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FusedMultiplyAddNegated(float a, float b, float addend) => FusedMultiplyAdd(-a, b, addend);

    public static float FusedMultiplyAddLower(float a, float b, float addend) => FusedMultiplyAdd(a, b, addend);

    public static float FusedMultiplyAddRarelyTied(float a, float b, float addend) => FusedMultiplyAdd(a, b, addend);

    public static float SquareRoot(float a) => MathF.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(float a, float b) => a > b ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Min(float a, float b) => a < b ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float LessThan(float a, float b) => a < b ? AllBits : 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Equal(float a, float b) => a == b ? AllBits : 0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllBitsBelow(float a, uint bound) => BitConverter.SingleToUInt32Bits(a) < bound;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Select(float mask, float whereSet, float elsewhere) => IsSet(mask) ? whereSet : elsewhere;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float And(float a, float b) => FromBits(Bits(a) & Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Or(float a, float b) => FromBits(Bits(a) | Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float AddBits(float a, float b) => FromBits(Bits(a) + Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SubtractBits(float a, float b) => FromBits(Bits(a) - Bits(b));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ShiftLeftBits(float a, int count) => FromBits(Bits(a) << count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ShiftRightBits(float a, int count) => FromBits(Bits(a) >> count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float IntegerBitsToSingle(float a) => Bits(a);

    public static float SumLanes(float a) => a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumLanes(float a, float b, float c, float d) => Vector128.Create(a, b, c, d);

    public static float MaxLanes(float a) => a;

    public static bool ScalesByAnyNumber => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Scale(float a, float n) => ExponentArithmetic.ScaleInTwoFactors<Scalar, float>(a, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSet(float mask) => Bits(mask) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float FromBits(int bits) => BitConverter.Int32BitsToSingle(bits);
}
