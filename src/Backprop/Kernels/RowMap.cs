using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>An elementwise function of two vectors; see <see cref="IUnaryOperator{TSelf, TVector}"/> for the constants.</summary>
internal unsafe interface IBinaryOperator<TSelf, TVector>
    where TSelf : struct, IBinaryOperator<TSelf, TVector>
    where TVector : struct
{
    /// <summary>Reads the constants.</summary>
    static abstract TSelf Create(float* constants);

    /// <summary>The function, lane by lane.</summary>
    TVector Invoke(TVector x, TVector y);

    /// <summary>The same for two pairs of vectors, operation by operation: while one waits for a result the other goes on.</summary>
    (TVector First, TVector Second) Invoke(TVector x0, TVector y0, TVector x1, TVector y1);
}

/// <summary>What names an elementwise function of two operands at every width.</summary>
internal unsafe interface IBinaryFunction
{
    /// <summary>The constants, in the order in which the operator reads them.</summary>
    static abstract ReadOnlySpan<float> Constants { get; }

    /// <summary>Hands the operator for this width to <see cref="RowMap.Run{TSimd, TVector, TOperator, TScalarOperator}"/>.</summary>
    static abstract void Apply<TSimd, TVector>(
        float* constants, float* x, float* y, nint yStride, float* destination, nint stride, int rows, int columns)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>destination_rj = f(x_rj, y_rj) by rows; a stride of 0 between the rows of y repeats its first row.</summary>
internal readonly unsafe struct RowMap<TFunction>(
    float* constants, float* x, float* y, nint yStride, float* destination, int rows, int columns) : ISimdCall
    where TFunction : struct, IBinaryFunction
{
    /// <summary>Runs the map over spans of equal length.</summary>
    public static void Run(SimdLevel level, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination) =>
        Run(level, x, y, 0, 1, x.Length, destination);

    /// <summary>Runs the map over rows × columns elements, with the rows of y <paramref name="yStride"/> apart.</summary>
    public static void Run(
        SimdLevel level, ReadOnlySpan<float> x, ReadOnlySpan<float> y, int yStride, int rows, int columns, Span<float> destination)
    {
        fixed (float* first = x, second = y, target = destination)
        {
            var call = new RowMap<TFunction>(Map.Table(TFunction.Constants), first, second, yStride, target, rows, columns);
            SimdDispatch.Run(level, call);
        }
    }

    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TFunction.Apply<TSimd, TVector>(constants, x, y, yStride, destination, columns, rows, columns);
}

/// <summary>The loop behind every <see cref="RowMap{TFunction}"/>.</summary>
internal static unsafe class RowMap
{
    /// <summary>destination_rj = f(x_rj, y_rj), rows of x and of destination <paramref name="stride"/> apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TSimd, TVector, TOperator, TScalarOperator>(
        float* constants, float* x, float* y, nint yStride, float* destination, nint stride, int rows, int columns)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TOperator : struct, IBinaryOperator<TOperator, TVector>
        where TScalarOperator : struct, IBinaryOperator<TScalarOperator, float>
    {
        if (Bodies.AreCompiledAhead || Body<TSimd, TVector, TOperator>.IsToRun((long)rows * columns))
            Core<TSimd, TVector, TOperator>(constants, x, y, yStride, destination, stride, rows, columns);
        else
            OneByOne<TScalarOperator>(constants, x, y, yStride, destination, stride, rows, columns);
    }

    /// <summary>The same element by element: what runs until the other is compiled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OneByOne<TOperator>(
        float* constants, float* x, float* y, nint yStride, float* destination, nint stride, int rows, int columns)
        where TOperator : struct, IBinaryOperator<TOperator, float>
    {
        TOperator function = TOperator.Create(constants);
        for (int row = 0; row < rows; row++, x += stride, y += yStride, destination += stride)
        {
            for (int j = 0; j < columns; j++) destination[j] = function.Invoke(x[j], y[j]);
        }
    }

    /// <summary>Not inlined, for the reason <see cref="Map.Core{TSimd, TVector, TOperator}"/> has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Core<TSimd, TVector, TOperator>(
        float* constants, float* x, float* y, nint yStride, float* destination, nint stride, int rows, int columns)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TOperator : struct, IBinaryOperator<TOperator, TVector>
    {
        TOperator function = TOperator.Create(constants);
        int whole = columns - columns % TSimd.Width;
        TVector mask = TSimd.FirstLanes(columns - whole);
        for (int row = 0; row < rows; row++, x += stride, y += yStride, destination += stride)
        {
            int j = 0;
            for (; j <= whole - 2 * TSimd.Width; j += 2 * TSimd.Width)
            {
                int next = j + TSimd.Width;
                if (VectorRegisters.Are32)
                {
                    (TVector first, TVector second) =
                        function.Invoke(TSimd.Load(x + j), TSimd.Load(y + j), TSimd.Load(x + next), TSimd.Load(y + next));
                    TSimd.Store(destination + j, first);
                    TSimd.Store(destination + next, second);
                }
                else
                {
                    TSimd.Store(destination + j, function.Invoke(TSimd.Load(x + j), TSimd.Load(y + j)));
                    TSimd.Store(destination + next, function.Invoke(TSimd.Load(x + next), TSimd.Load(y + next)));
                }
            }
            if (j < whole) TSimd.Store(destination + j, function.Invoke(TSimd.Load(x + j), TSimd.Load(y + j)));
            if (whole < columns)
            {
                TVector last = function.Invoke(TSimd.LoadMasked(x + whole, mask), TSimd.LoadMasked(y + whole, mask));
                TSimd.StoreMasked(destination + whole, mask, last);
            }
        }
    }

    /// <summary>Whether the body for a width is compiled.</summary>
    private static class Body<TSimd, TVector, TOperator>
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TOperator : struct, IBinaryOperator<TOperator, TVector>
    {
        private static readonly Bodies* s_all = Bodies.Create(BodyKind.RowMap);
        private static bool s_isCompiled;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool IsToRun(long elements) => s_isCompiled || Count(elements);

        private static bool Count(long elements)
        {
            delegate*<float*, float*, float*, nint, float*, nint, int, int, void> body = &Core<TSimd, TVector, TOperator>;
            return s_isCompiled = s_all->Of(0) != 0 || Bodies.Count(s_all, 0, elements * Bodies.WorkOfElement, (nint)body) != 0;
        }
    }
}
