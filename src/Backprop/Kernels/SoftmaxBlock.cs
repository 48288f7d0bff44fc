using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>The rows that the softmax family takes through each of its steps together.</summary>
/// <remarks>
/// The maximum, the exponentials, their sum and the division of one row wait for each other; those of different rows do not. So each step
/// runs over a block of rows before the next begins, and the rows hide each other's waiting: 128 rows of 10 take 0.71 µs instead of 1.16.
/// A block stays in the first-level cache.
/// </remarks>
internal static unsafe class SoftmaxBlock
{
    /// <summary>The most rows of a block: as many numbers as the steps hand on, a whole number of vectors of any width.</summary>
    public const int MaxRows = 32;

    /// <summary>32 KiB of logits and exponentials, of 32 to 48 KiB that a first-level cache has.</summary>
    private const int MaxElements = 4096;

    /// <summary>Room for the exponentials of a block of rows that fit one vector, with what <see cref="Align"/> may skip.</summary>
    public const int ScratchLength = MaxRows * LaneSum.Lanes + CacheLine / sizeof(float);

    private const int CacheLine = 64;

    /// <summary>The rows of a block.</summary>
    public static int Rows(int columns) => Math.Clamp(MaxElements / columns, 1, MaxRows);

    /// <summary>The first address of a cache line from <paramref name="scratch"/> on.</summary>
    public static float* Align(float* scratch) => (float*)(((nint)scratch + CacheLine - 1) & -CacheLine);

    /// <summary>The maxima of the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Max<TSimd, TVector>(float* z, int rows, int columns, float* max)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (columns > TSimd.Width) MaxOfLong<TSimd, TVector>(z, rows, columns, max);
        else MaxOfShort<TSimd, TVector>(z, rows, columns, max);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MaxOfLong<TSimd, TVector>(float* z, int rows, int columns, float* max)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (int row = 0; row < rows; row++, z += columns) max[row] = SoftmaxRow.Max<TSimd, TVector>(z, columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void MaxOfShort<TSimd, TVector>(float* z, int rows, int columns, float* max)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector mask = TSimd.FirstLanes(columns);
        TVector smallest = TSimd.Broadcast(float.NegativeInfinity);
        for (int row = 0; row < rows; row++, z += columns)
            max[row] = TSimd.MaxLanes(TSimd.Select(mask, TSimd.LoadMasked(z, mask), smallest));
    }

    /// <summary>The sums of the rows' exponentials, which themselves go to rows <paramref name="eStride"/> apart; <paramref name="e"/> may
    /// be null for rows of more than a vector, and has room for a whole vector a row for others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Exponentials<TSimd, TVector>(
        float* constants, float* z, int rows, int columns, float* max, float* e, nint eStride, float* sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (columns > TSimd.Width) ExponentialsOfLong<TSimd, TVector>(constants, z, rows, columns, max, e, eStride, sum);
        else ExponentialsOfShort<TSimd, TVector>(constants, z, rows, columns, max, e, eStride, sum);
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ExponentialsOfLong<TSimd, TVector>(
        float* constants, float* z, int rows, int columns, float* max, float* e, nint eStride, float* sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* lanes = stackalloc float[LaneSum.Lanes];
        var exp = ExpOperator<TSimd, TVector>.Create(constants);
        for (int row = 0; row < rows; row++, z += columns)
        {
            sum[row] = SoftmaxRow.Exponentials(exp, z, columns, max[row], e, lanes);
            if (e is not null) e += eStride;
        }
    }

    /// <summary>Two rows at a time; a last one by itself is made twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ExponentialsOfShort<TSimd, TVector>(
        float* constants, float* z, int rows, int columns, float* max, float* e, nint eStride, float* sum)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        var exp = ExpOperator<TSimd, TVector>.Create(constants);
        TVector mask = TSimd.FirstLanes(columns);
        for (int row = 0; row < rows; row += 2)
        {
            int second = Math.Min(row + 1, rows - 1);
            TVector here = TSimd.Subtract(TSimd.LoadMasked(z + row * columns, mask), TSimd.Broadcast(max[row]));
            TVector next = TSimd.Subtract(TSimd.LoadMasked(z + second * columns, mask), TSimd.Broadcast(max[second]));
            (here, next) = exp.InvokeBelowOverflow(here, next);
            TSimd.Store(e + row * eStride, TSimd.And(here, mask));
            TSimd.Store(e + second * eStride, TSimd.And(next, mask));
        }
        // the bits of a longer row's sum: the lanes that a short one does not reach add 0
        for (int row = 0; row < rows; row++) sum[row] = TSimd.SumLanes(TSimd.Load(e + row * eStride));
    }

    /// <summary>The logarithms of as many whole vectors of numbers as <paramref name="count"/> begins, in place.</summary>
    public static void Log<TSimd, TVector>(float* constants, float* x, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => Map.Run<TSimd, TVector, LogOperator<TSimd, TVector>, LogOperator<Scalar, float>>(
            constants, x, x, (count + TSimd.Width - 1) / TSimd.Width * TSimd.Width);

    /// <summary>The exponentials divided by their sums, row by row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Normalize<TSimd, TVector>(float* e, nint eStride, int rows, int columns, float* sum, float* activations)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (columns > TSimd.Width) NormalizeLong<TSimd, TVector>(e, eStride, rows, columns, sum, activations);
        else NormalizeShort<TSimd, TVector>(e, eStride, rows, columns, sum, activations);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void NormalizeLong<TSimd, TVector>(float* e, nint eStride, int rows, int columns, float* sum, float* activations)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (int row = 0; row < rows; row++, e += eStride, activations += columns)
            SoftmaxRow.Normalize<TSimd, TVector>(e, columns, 1f / sum[row], activations);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void NormalizeShort<TSimd, TVector>(float* e, nint eStride, int rows, int columns, float* sum, float* activations)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector mask = TSimd.FirstLanes(columns);
        for (int row = 0; row < rows; row++, e += eStride, activations += columns)
            TSimd.StoreMasked(activations, mask, TSimd.Multiply(TSimd.Load(e), TSimd.Broadcast(1f / sum[row])));
    }
}
