using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>An elementwise function of one vector, its constants spread over vectors that a loop keeps in registers.</summary>
/// <remarks>
/// The constants come from memory because the compiler would otherwise know them, and read each of them again in every turn: ln of 10,000
/// numbers took 2.0 µs that way and takes 1.6 µs with them in registers (AMD EPYC of family 26).
/// </remarks>
internal unsafe interface IUnaryOperator<TSelf, TVector>
    where TSelf : struct, IUnaryOperator<TSelf, TVector>
    where TVector : struct
{
    /// <summary>Reads the constants.</summary>
    static abstract TSelf Create(float* constants);

    /// <summary>The function, lane by lane.</summary>
    TVector Invoke(TVector x);

    /// <summary>The same for two vectors, operation by operation: while one waits for a result the other goes on.</summary>
    (TVector First, TVector Second) Invoke(TVector x, TVector y);
}

/// <summary>What names an elementwise function at every width.</summary>
internal unsafe interface IUnaryFunction
{
    /// <summary>The constants, in the order in which the operator reads them.</summary>
    static abstract ReadOnlySpan<float> Constants { get; }

    /// <summary>Hands the operator for this width to <see cref="Map.Run{TSimd, TVector, TOperator, TScalarOperator}"/>.</summary>
    static abstract void Apply<TSimd, TVector>(float* constants, float* x, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>destination_i = f(x_i) over contiguous elements; the last lanes run through the same function behind a mask.</summary>
internal readonly unsafe struct Map<TFunction>(float* constants, float* x, float* destination, int count) : ISimdCall
    where TFunction : struct, IUnaryFunction
{
    /// <summary>Runs the map over spans of equal length.</summary>
    public static void Run(SimdLevel level, ReadOnlySpan<float> x, Span<float> destination)
    {
        fixed (float* source = x, target = destination)
        {
            var call = new Map<TFunction>(Map.Table(TFunction.Constants), source, target, x.Length);
            SimdDispatch.Run(level, call);
        }
    }

    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TFunction.Apply<TSimd, TVector>(constants, x, destination, count);
}

/// <summary>The loop behind every <see cref="Map{TFunction}"/>.</summary>
internal static unsafe class Map
{
    /// <summary>The address of a table of compile-time constants: data of the assembly itself, which never moves and needs no pin.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float* Table(ReadOnlySpan<float> constants) =>
        (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(constants));

    /// <summary>destination_i = f(x_i).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TSimd, TVector, TOperator, TScalarOperator>(float* constants, float* x, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TOperator : struct, IUnaryOperator<TOperator, TVector>
        where TScalarOperator : struct, IUnaryOperator<TScalarOperator, float>
    {
        if (Bodies.AreCompiledAhead || Body<TSimd, TVector, TOperator>.IsToRun(count)) Core<TSimd, TVector, TOperator>(constants, x, destination, count);
        else OneByOne<TScalarOperator>(constants, x, destination, count);
    }

    /// <summary>The same element by element: what runs until the other is compiled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OneByOne<TOperator>(float* constants, float* x, float* destination, int count)
        where TOperator : struct, IUnaryOperator<TOperator, float>
    {
        TOperator function = TOperator.Create(constants);
        for (int i = 0; i < count; i++) destination[i] = function.Invoke(x[i]);
    }

    /// <summary>Not inlined: a caller's knowledge of the constants would put them back into the loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Core<TSimd, TVector, TOperator>(float* constants, float* x, float* destination, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TOperator : struct, IUnaryOperator<TOperator, TVector>
    {
        TOperator function = TOperator.Create(constants);
        int i = 0;
        for (; i <= count - 2 * TSimd.Width; i += 2 * TSimd.Width)
        {
            // two vectors in lockstep do not fit 16 registers
            if (VectorRegisters.Are32)
            {
                (TVector first, TVector second) = function.Invoke(TSimd.Load(x + i), TSimd.Load(x + i + TSimd.Width));
                TSimd.Store(destination + i, first);
                TSimd.Store(destination + i + TSimd.Width, second);
            }
            else
            {
                TSimd.Store(destination + i, function.Invoke(TSimd.Load(x + i)));
                TSimd.Store(destination + i + TSimd.Width, function.Invoke(TSimd.Load(x + i + TSimd.Width)));
            }
        }
        if (i <= count - TSimd.Width)
        {
            TSimd.Store(destination + i, function.Invoke(TSimd.Load(x + i)));
            i += TSimd.Width;
        }
        if (i < count)
        {
            TVector mask = TSimd.FirstLanes(count - i);
            // 1 where nothing is read: ordinary for every function, as 0 is not for the logarithm
            TVector last = TSimd.Select(mask, TSimd.LoadMasked(x + i, mask), TSimd.Broadcast(1f));
            TSimd.StoreMasked(destination + i, mask, function.Invoke(last));
        }
    }

    /// <summary>Whether the body for a width is compiled.</summary>
    private static class Body<TSimd, TVector, TOperator>
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TOperator : struct, IUnaryOperator<TOperator, TVector>
    {
        private static readonly Bodies* s_all = Bodies.Create(BodyKind.Map);
        private static bool s_isCompiled;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static bool IsToRun(int elements) => s_isCompiled || Count(elements);

        private static bool Count(int elements)
        {
            delegate*<float*, float*, float*, int, void> body = &Core<TSimd, TVector, TOperator>;
            return s_isCompiled = s_all->Of(0) != 0 || Bodies.Count(s_all, 0, elements * Bodies.WorkOfElement, (nint)body) != 0;
        }
    }
}
