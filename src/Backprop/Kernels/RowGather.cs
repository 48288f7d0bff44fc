using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>Rows of a matrix in a given order, copied from floats or made from pixels of a byte each.</summary>
internal static class RowGather
{
    /// <summary>destination row i ← source row order[i] for <paramref name="rows"/> rows of the order. The rest of it only says what comes
    /// next; indices are not checked.</summary>
    public static void Run(ReadOnlySpan<float> source, int columns, ReadOnlySpan<int> order, int rows, Span<float> destination) =>
        Run(SimdSupport.Current, source, columns, order, rows, destination);

    /// <summary>The same with every pixel divided by 255.</summary>
    public static void Run(ReadOnlySpan<byte> source, int columns, ReadOnlySpan<int> order, int rows, Span<float> destination) =>
        Run(SimdSupport.Current, source, columns, order, rows, destination);

    internal static void Run(
        SimdLevel level, ReadOnlySpan<float> source, int columns, ReadOnlySpan<int> order, int rows, Span<float> destination) =>
        RowGather<float, SingleElement>.Run(level, source, columns, order, rows, destination);

    internal static void Run(
        SimdLevel level, ReadOnlySpan<byte> source, int columns, ReadOnlySpan<int> order, int rows, Span<float> destination) =>
        RowGather<byte, PixelElement>.Run(level, source, columns, order, rows, destination);
}

/// <summary>The loop over the rows.</summary>
/// <remarks>
/// Rows that come from anywhere in memory cost their latency, which the processor's own prefetching does not hide. While a row is read,
/// one that is to come is asked for.
/// </remarks>
internal readonly unsafe struct RowGather<TElement, TConversion>(
    TElement* source, int columns, int* order, int rows, int next, float* destination) : ISimdCall
    where TElement : unmanaged
    where TConversion : struct, IRowElement<TElement>
{
    /// <summary>How many rows ahead: for 50,000 rows of 784 pixels in batches of 10, with steps of 784-100-10 in between, 1 took 8.6 ms,
    /// 2 7.0, 4 to 20 6.0 to 6.2 (.NET 10.0.12, Linux, one core of an AMD EPYC of family 26). The same rows as floats took 17.</summary>
    private const int Distance = 4;

    /// <summary>Elements of a cache line.</summary>
    private static int Line => 64 / sizeof(TElement);

    public static void Run(
        SimdLevel level, ReadOnlySpan<TElement> source, int columns, ReadOnlySpan<int> order, int rows, Span<float> destination)
    {
        Check.Matrix(destination.Length, rows, columns, nameof(destination));
        fixed (TElement* from = source)
        fixed (float* to = destination)
        fixed (int* indices = order)
        {
            var call = new RowGather<TElement, TConversion>(from, columns, indices, rows, order.Length, to);
            SimdDispatch.Run(level, call);
        }
    }

    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (int i = 0; i < rows; i++)
        {
            TElement* row = source + (nint)order[i] * columns;
            TElement* ahead = i + Distance < next ? source + (nint)order[i + Distance] * columns : row;
            Convert<TSimd, TVector>(row, ahead, columns, destination + (nint)i * columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Convert<TSimd, TVector>(TElement* row, TElement* ahead, int columns, float* destination)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int j = 0;
        for (; j <= columns - Line; j += Line)
        {
            Prefetch.Near(ahead + j);
            for (int lane = 0; lane < Line; lane += TSimd.Width)
                TSimd.Store(destination + j + lane, TConversion.Load<TSimd, TVector>(row + j + lane));
        }
        Prefetch.Near(ahead + columns - 1);
        for (; j <= columns - TSimd.Width; j += TSimd.Width) TSimd.Store(destination + j, TConversion.Load<TSimd, TVector>(row + j));
        for (; j < columns; j++) destination[j] = TConversion.Load<Scalar, float>(row + j);
    }
}
