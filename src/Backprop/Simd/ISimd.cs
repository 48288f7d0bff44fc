using System.Runtime.Intrinsics;

namespace Backprop.Simd;

/// <summary>
/// The operations a kernel is written with: a witness for one vector width. Each kernel exists once, generic over the witness and
/// its vector; the runtime compiles one copy a width, with every member inlined to an instruction or a few.
/// </summary>
/// <remarks>
/// Every operation rounds once, to nearest even, on each lane by itself, so that a lane's result does not depend on the width.
/// The members are in small interfaces, the frequent ones last, because the runtime looks a static member up by its name, from the last to the
/// first of its interface, each time a kernel that is compiled mentions it: in one interface of 37 that was a third of the time to compile a
/// register tile (decision 0011).
/// </remarks>
/// <typeparam name="TVector">The raw vector: <see cref="float"/> or a <c>VectorN&lt;float&gt;</c>.</typeparam>
internal interface ISimd<TVector>
    : IVectorInfo, IVectorMemory<TVector>, IVectorValues<TVector>, IVectorArithmetic<TVector>, IVectorComparison<TVector>, IVectorBits<TVector>,
        IVectorReduction<TVector>
    where TVector : struct;

/// <summary>What a width is.</summary>
internal interface IVectorInfo
{
    /// <summary>Whether <see cref="IVectorArithmetic{TVector}.Scale"/> takes any n: 0 from −∞ and everything too small, ±∞ from ∞ and everything too large, NaN from
    /// NaN.</summary>
    static abstract bool ScalesByAnyNumber { get; }

    /// <summary>The level this witness stands for.</summary>
    static abstract SimdLevel Level { get; }

    /// <summary>The number of lanes.</summary>
    static abstract int Width { get; }
}

/// <summary>Vectors from and to memory.</summary>
internal unsafe interface IVectorMemory<TVector>
    where TVector : struct
{
    /// <summary>Reads <see cref="IVectorInfo.Width"/> bytes as the numbers 0 … 255; any alignment.</summary>
    static abstract TVector LoadBytes(byte* source);

    /// <summary>A mask whose first <paramref name="count"/> lanes are all ones and whose others are zero: none below 1, all from Width
    /// on.</summary>
    static abstract TVector FirstLanes(int count);

    /// <summary>Writes the lanes set in <paramref name="mask"/>; memory behind a lane that is not set is never touched.</summary>
    static abstract void StoreMasked(float* destination, TVector mask, TVector value);

    /// <summary>Reads the lanes set in <paramref name="mask"/>, +0 elsewhere; memory behind a lane that is not set is never
    /// touched.</summary>
    static abstract TVector LoadMasked(float* source, TVector mask);

    /// <summary>Writes <see cref="IVectorInfo.Width"/> elements; any alignment.</summary>
    static abstract void Store(float* destination, TVector value);

    /// <summary>Reads <see cref="IVectorInfo.Width"/> elements; any alignment.</summary>
    static abstract TVector Load(float* source);
}

/// <summary>Vectors of one value.</summary>
internal interface IVectorValues<TVector>
    where TVector : struct
{
    /// <summary>All lanes equal to the bit pattern <paramref name="bits"/>.</summary>
    static abstract TVector BroadcastBits(int bits);

    /// <summary>All lanes +0.</summary>
    static abstract TVector Zero { get; }

    /// <summary>All lanes equal to <paramref name="value"/>.</summary>
    static abstract TVector Broadcast(float value);
}

/// <summary>Arithmetic, each operation rounded once.</summary>
internal interface IVectorArithmetic<TVector>
    where TVector : struct
{
    /// <summary>√a; NaN below zero.</summary>
    static abstract TVector SquareRoot(TVector a);

    /// <summary>a · 2^n rounded once, into subnormals and to ±∞ where it goes there; 0.5 ≤ |a| ≤ 2 or NaN, n is an integer in −252 … 254.
    /// With <see cref="IVectorInfo.ScalesByAnyNumber"/> a is any number but 0, and n any integer, ±∞ or NaN.</summary>
    static abstract TVector Scale(TVector a, TVector n);

    /// <summary>a · b + addend, rounded once, in the lower half of the lanes at least; anything in the others. Cheaper than the whole on processors that work on
    /// 512 bits in two halves.</summary>
    static abstract TVector FusedMultiplyAddLower(TVector a, TVector b, TVector addend);

    /// <summary>−(a · b) + addend, rounded once.</summary>
    static abstract TVector FusedMultiplyAddNegated(TVector a, TVector b, TVector addend);

    /// <summary>a · b + addend, rounded once. Without the instruction faster where the exact result rarely lies in the middle between two
    /// floats, and slower where that is frequent, as with numbers of few bits.</summary>
    static abstract TVector FusedMultiplyAddRarelyTied(TVector a, TVector b, TVector addend);

    /// <summary>a / b.</summary>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a − b.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a · b.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a · b + addend, rounded once.</summary>
    static abstract TVector FusedMultiplyAdd(TVector a, TVector b, TVector addend);
}

/// <summary>Comparisons and what follows from them.</summary>
internal interface IVectorComparison<TVector>
    where TVector : struct
{
    /// <summary>A mask of the lanes where a = b; false where either is NaN.</summary>
    static abstract TVector Equal(TVector a, TVector b);

    /// <summary>A mask of the lanes where a &lt; b; false where either is NaN.</summary>
    static abstract TVector LessThan(TVector a, TVector b);

    /// <summary>Whether every lane's bit pattern, as an unsigned 32-bit integer, is below <paramref name="bound"/>.</summary>
    static abstract bool AllBitsBelow(TVector a, uint bound);

    /// <summary>Bit by bit, <paramref name="whereSet"/> where the mask is set and <paramref name="elsewhere"/> where not.</summary>
    static abstract TVector Select(TVector mask, TVector whereSet, TVector elsewhere);

    /// <summary>The smaller; a NaN in <paramref name="b"/> comes through. Of two zeros either, and a NaN in <paramref name="a"/> may be
    /// lost.</summary>
    static abstract TVector Min(TVector a, TVector b);

    /// <summary>The larger; a NaN in <paramref name="b"/> comes through. Of two zeros either, and a NaN in <paramref name="a"/> may be
    /// lost.</summary>
    static abstract TVector Max(TVector a, TVector b);
}

/// <summary>Bit patterns, as 32-bit integers or bit by bit.</summary>
internal interface IVectorBits<TVector>
    where TVector : struct
{
    /// <summary>a AND b, bit by bit.</summary>
    static abstract TVector And(TVector a, TVector b);

    /// <summary>a OR b, bit by bit.</summary>
    static abstract TVector Or(TVector a, TVector b);

    /// <summary>The bit patterns added as 32-bit integers.</summary>
    static abstract TVector AddBits(TVector a, TVector b);

    /// <summary>The bit patterns subtracted as 32-bit integers.</summary>
    static abstract TVector SubtractBits(TVector a, TVector b);

    /// <summary>The bit patterns shifted left as 32-bit integers; <paramref name="count"/> must be a constant to be fast.</summary>
    static abstract TVector ShiftLeftBits(TVector a, int count);

    /// <summary>The bit patterns shifted right as signed 32-bit integers; <paramref name="count"/> must be a constant to be fast.</summary>
    static abstract TVector ShiftRightBits(TVector a, int count);

    /// <summary>The bit patterns, read as signed 32-bit integers below 2²⁴ in magnitude, as numbers.</summary>
    static abstract TVector IntegerBitsToSingle(TVector a);
}

/// <summary>One number from the lanes of a vector.</summary>
internal interface IVectorReduction<TVector>
    where TVector : struct
{
    /// <summary>The largest lane; any of them where one is NaN.</summary>
    static abstract float MaxLanes(TVector a);

    /// <summary>The sum of the lanes as one fixed tree: lane i plus lane i + Width/2, and so on down to one.</summary>
    static abstract float SumLanes(TVector a);

    /// <summary>The sums of the lanes of four vectors, each by the same tree.</summary>
    static abstract Vector128<float> SumLanes(TVector a, TVector b, TVector c, TVector d);
}
