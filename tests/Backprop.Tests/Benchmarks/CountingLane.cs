using System.Runtime.Intrinsics;
using Backprop.Simd;

namespace Backprop.Tests.Benchmarks;

/// <summary>One lane that counts the floating-point operations it is asked for, a fused multiply-add as two.</summary>
internal readonly unsafe struct CountingLane : ISimd<float>
{
    [ThreadStatic]
    private static int s_operations;

    /// <summary>Operations of an action on this thread.</summary>
    public static int Count(Action action)
    {
        s_operations = 0;
        action();
        return s_operations;
    }

    private static float Counted(int operations, float result)
    {
        s_operations += operations;
        return result;
    }

    public static SimdLevel Level => Scalar.Level;

    public static int Width => Scalar.Width;

    public static float Zero => Scalar.Zero;

    public static float Broadcast(float value) => Scalar.Broadcast(value);

    public static float BroadcastBits(int bits) => Scalar.BroadcastBits(bits);

    public static float Load(float* source) => Scalar.Load(source);

    public static float LoadBytes(byte* source) => Scalar.LoadBytes(source);

    public static void Store(float* destination, float value) => Scalar.Store(destination, value);

    public static float FirstLanes(int count) => Scalar.FirstLanes(count);

    public static float LoadMasked(float* source, float mask) => Scalar.LoadMasked(source, mask);

    public static void StoreMasked(float* destination, float mask, float value) => Scalar.StoreMasked(destination, mask, value);

    public static float Add(float a, float b) => Counted(1, Scalar.Add(a, b));

    public static float Subtract(float a, float b) => Counted(1, Scalar.Subtract(a, b));

    public static float Multiply(float a, float b) => Counted(1, Scalar.Multiply(a, b));

    public static float Divide(float a, float b) => Counted(1, Scalar.Divide(a, b));

    public static float FusedMultiplyAdd(float a, float b, float addend) => Counted(2, Scalar.FusedMultiplyAdd(a, b, addend));

    public static float FusedMultiplyAddNegated(float a, float b, float addend) =>
        Counted(2, Scalar.FusedMultiplyAddNegated(a, b, addend));

    public static float FusedMultiplyAddLower(float a, float b, float addend) => FusedMultiplyAdd(a, b, addend);

    public static float FusedMultiplyAddRarelyTied(float a, float b, float addend) => FusedMultiplyAdd(a, b, addend);

    public static float SquareRoot(float a) => Counted(1, Scalar.SquareRoot(a));

    public static float Max(float a, float b) => Scalar.Max(a, b);

    public static float Min(float a, float b) => Scalar.Min(a, b);

    public static float LessThan(float a, float b) => Scalar.LessThan(a, b);

    public static float Equal(float a, float b) => Scalar.Equal(a, b);

    public static bool AllBitsBelow(float a, uint bound) => Scalar.AllBitsBelow(a, bound);

    public static float Select(float mask, float whereSet, float elsewhere) => Scalar.Select(mask, whereSet, elsewhere);

    public static float And(float a, float b) => Scalar.And(a, b);

    public static float Or(float a, float b) => Scalar.Or(a, b);

    public static float AddBits(float a, float b) => Scalar.AddBits(a, b);

    public static float SubtractBits(float a, float b) => Scalar.SubtractBits(a, b);

    public static float ShiftLeftBits(float a, int count) => Scalar.ShiftLeftBits(a, count);

    public static float ShiftRightBits(float a, int count) => Scalar.ShiftRightBits(a, count);

    public static float IntegerBitsToSingle(float a) => Scalar.IntegerBitsToSingle(a);

    public static float SumLanes(float a) => Scalar.SumLanes(a);

    public static Vector128<float> SumLanes(float a, float b, float c, float d) => Scalar.SumLanes(a, b, c, d);

    public static float MaxLanes(float a) => Scalar.MaxLanes(a);

    public static bool ScalesByAnyNumber => Scalar.ScalesByAnyNumber;

    public static float Scale(float a, float n) => Scalar.Scale(a, n);
}
