using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>
/// One pass over rows of logits: their cost and, where there is a place to put them, softmax and a − y.
/// </summary>
internal unsafe struct SoftmaxCost(float* z, int rows, int columns) : ISimdCall
{
    /// <summary>rows × columns targets, or null where <see cref="Classes"/> says them.</summary>
    public float* Targets { get; init; }

    /// <summary>One class a row, or null where <see cref="Targets"/> are given.</summary>
    public int* Classes { get; init; }

    /// <summary>Where the softmax goes, rows × columns, the logits themselves allowed; null where only the cost is wanted.</summary>
    public float* Activations { get; init; }

    /// <summary>Where a − y goes, rows × columns, apart from all else; null where only the cost is wanted.</summary>
    public float* Delta { get; init; }

    /// <summary>Σ over the rows of their cost, in ascending order.</summary>
    public double Total { get; private set; }

    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        fixed (float* expConstants = ExpConstants.All, logConstants = LogConstants.All)
        {
            Total = Activations is null || columns < SoftmaxPipeline.LeastColumns || rows < 2
                ? Core<TSimd, TVector>(expConstants, logConstants, z, rows, columns, Targets, Classes, Activations, Delta)
                : Pipeline<TSimd, TVector>(expConstants, logConstants, z, rows, columns, Targets, Classes, Activations, Delta);
        }
    }

    /// <summary>Long rows, each divided by its sum while the next goes through its exponentials.</summary>
    [SkipLocalsInit]
    private static double Pipeline<TSimd, TVector>(
        float* expConstants, float* logConstants, float* z, int rows, int columns, float* y, int* classes, float* a, float* delta)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* log = stackalloc float[SoftmaxBlock.MaxRows];
        float* weight = stackalloc float[SoftmaxBlock.MaxRows];
        float* distance = stackalloc float[SoftmaxBlock.MaxRows];
        for (int i = 0; i < SoftmaxBlock.MaxRows; i++) log[i] = 1f;
        nint stride = columns;
        double total = 0;
        float max, sum = 0f;
        SoftmaxBlock.Max<TSimd, TVector>(z, 1, columns, &max);
        var turn = new SoftmaxPipeline { Max = max };
        for (int row = 0; row < rows; row++)
        {
            int place = row % SoftmaxBlock.MaxRows;
            turn.Z = z + row * stride;
            turn.E = a + row * stride;
            turn.Next = row < rows - 1 ? turn.Z + stride : turn.Z;
            max = turn.Max;
            // read before the logits may be overwritten
            if (classes is not null) Distances(turn.Z, 1, columns, classes + row, &max, weight + place, distance + place);
            else Distances<TSimd, TVector>(turn.Z, 1, columns, y + row * stride, &max, weight + place, distance + place);
            if (row == 0)
            {
                SoftmaxBlock.Max<TSimd, TVector>(turn.Next, 1, columns, &turn.Max);
                SoftmaxBlock.Exponentials<TSimd, TVector>(expConstants, turn.Z, 1, columns, &max, turn.E, stride, &sum);
            }
            else
            {
                turn.Previous = turn.E - stride;
                turn.Delta = delta + (row - 1) * stride;
                turn.Targets = y is null ? null : y + (row - 1) * stride;
                turn.Reciprocal = 1f / sum;
                sum = SoftmaxPipeline.Run<TSimd, TVector>(expConstants, &turn, columns);
                if (classes is not null) turn.Delta[Hot(classes[row - 1], columns)] -= 1f;
            }
            log[place] = sum;
            if (place < SoftmaxBlock.MaxRows - 1 && row < rows - 1) continue;
            SoftmaxBlock.Log<TSimd, TVector>(logConstants, log, place + 1);
            total = AddCosts(total, log, weight, distance, place + 1);
        }
        nint last = (rows - 1) * stride;
        if (classes is not null)
            Finish<TSimd, TVector>(a + last, stride, 1, columns, &sum, classes + rows - 1, a + last, delta + last);
        else Finish<TSimd, TVector>(a + last, stride, 1, columns, &sum, y + last, a + last, delta + last);
        return total;
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Core<TSimd, TVector>(
        float* expConstants, float* logConstants, float* z, int rows, int columns, float* y, int* classes, float* a, float* delta)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* unaligned = stackalloc float[SoftmaxBlock.ScratchLength];
        float* scratch = SoftmaxBlock.Align(unaligned);
        float* max = stackalloc float[SoftmaxBlock.MaxRows];
        float* sum = stackalloc float[SoftmaxBlock.MaxRows];
        float* log = stackalloc float[SoftmaxBlock.MaxRows];
        float* weight = stackalloc float[SoftmaxBlock.MaxRows];
        float* distance = stackalloc float[SoftmaxBlock.MaxRows];
        for (int i = 0; i < SoftmaxBlock.MaxRows; i++) log[i] = 1f;
        double total = 0;
        nint stride = columns;
        int block = SoftmaxBlock.Rows(columns);
        bool isShort = columns <= TSimd.Width;
        nint eStride = isShort ? TSimd.Width : stride;
        for (int first = 0; first < rows; first += block)
        {
            int count = Math.Min(block, rows - first);
            nint start = first * stride;
            float* e = isShort ? scratch : a is null ? null : a + start;
            SoftmaxBlock.Max<TSimd, TVector>(z + start, count, columns, max);
            // read before the logits may be overwritten
            if (classes is not null) Distances(z + start, count, columns, classes + first, max, weight, distance);
            else Distances<TSimd, TVector>(z + start, count, columns, y + start, max, weight, distance);
            SoftmaxBlock.Exponentials<TSimd, TVector>(expConstants, z + start, count, columns, max, e, eStride, sum);
            new Span<float>(sum, count).CopyTo(new Span<float>(log, count));
            SoftmaxBlock.Log<TSimd, TVector>(logConstants, log, count);
            total = AddCosts(total, log, weight, distance, count);
            if (a is null) continue;
            if (classes is not null)
                Finish<TSimd, TVector>(e, eStride, count, columns, sum, classes + first, a + start, delta + start);
            else Finish<TSimd, TVector>(e, eStride, count, columns, sum, y + start, a + start, delta + start);
        }
        return total;
    }

    /// <summary>The class, within its range even where another thread has changed it since it was checked: it is written to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Hot(int index, int columns) => (int)Math.Min((uint)index, (uint)(columns - 1));

    /// <summary>total + the rows' costs log · weight + distance, in ascending order. A loop of its own because a call in
    /// the method around it would have it keep the total in memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double AddCosts(double total, float* log, float* weight, float* distance, int count)
    {
        for (int row = 0; row < count; row++) total += Scalar.FusedMultiplyAdd(log[row], weight[row], distance[row]);
        return total;
    }

    /// <summary>1, and max − z_hot.</summary>
    private static void Distances(float* z, int rows, int columns, int* classes, float* max, float* weight, float* distance)
    {
        for (int row = 0; row < rows; row++, z += columns)
        {
            weight[row] = 1f;
            distance[row] = max[row] - z[Hot(classes[row], columns)];
        }
    }

    /// <summary>Σ y_j, and Σ y_j (max − z_j).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Distances<TSimd, TVector>(
        float* z, int rows, int columns, float* y, float* max, float* weight, float* distance)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (int row = 0; row < rows; row++, z += columns, y += columns)
        {
            weight[row] = LaneSum.Run<TSimd, TVector, ElementTerm<TSimd, TVector>>(new(y), columns);
            distance[row] = LaneSum.Run<TSimd, TVector, DistanceTerm<TSimd, TVector>>(new(z, y, max[row]), columns);
        }
    }

    /// <summary>a_j = e_j / Σe, and BP1 with class indices: δ = a but for the hot element, where it is a − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Finish<TSimd, TVector>(
        float* e, nint eStride, int rows, int columns, float* sum, int* classes, float* activations, float* delta)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector mask = TSimd.FirstLanes(columns % TSimd.Width);
        bool isWhole = columns % TSimd.Width == 0;
        for (int row = 0; row < rows; row++, e += eStride, activations += columns, delta += columns)
        {
            float reciprocal = 1f / sum[row];
            int hot = Hot(classes[row], columns);
            // read before a vector that holds it is written: a load right behind that would wait for the store
            float hotDelta = e[hot] * reciprocal - 1f;
            TVector factor = TSimd.Broadcast(reciprocal);
            int j = 0;
            for (; j <= columns - 2 * TSimd.Width; j += 2 * TSimd.Width)
            {
                FinishVector<TSimd, TVector>(e + j, factor, activations + j, delta + j);
                FinishVector<TSimd, TVector>(
                    e + j + TSimd.Width, factor, activations + j + TSimd.Width, delta + j + TSimd.Width);
            }
            if (j <= columns - TSimd.Width)
            {
                FinishVector<TSimd, TVector>(e + j, factor, activations + j, delta + j);
                j += TSimd.Width;
            }
            if (!isWhole)
            {
                TVector a = TSimd.Multiply(TSimd.LoadMasked(e + j, mask), factor);
                TSimd.StoreMasked(activations + j, mask, a);
                TSimd.StoreMasked(delta + j, mask, a);
            }
            delta[hot] = hotDelta;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FinishVector<TSimd, TVector>(float* e, TVector factor, float* activations, float* delta)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector a = TSimd.Multiply(TSimd.Load(e), factor);
        TSimd.Store(activations, a);
        TSimd.Store(delta, a);
    }

    /// <summary>a_j = e_j / Σe, and BP1: δ = a − y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Finish<TSimd, TVector>(
        float* e, nint eStride, int rows, int columns, float* sum, float* y, float* activations, float* delta)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector mask = TSimd.FirstLanes(columns % TSimd.Width);
        bool isWhole = columns % TSimd.Width == 0;
        for (int row = 0; row < rows; row++, e += eStride, y += columns, activations += columns, delta += columns)
        {
            TVector factor = TSimd.Broadcast(1f / sum[row]);
            int j = 0;
            for (; j <= columns - 2 * TSimd.Width; j += 2 * TSimd.Width)
            {
                FinishVector<TSimd, TVector>(e + j, factor, y + j, activations + j, delta + j);
                FinishVector<TSimd, TVector>(
                    e + j + TSimd.Width, factor, y + j + TSimd.Width, activations + j + TSimd.Width, delta + j + TSimd.Width);
            }
            if (j <= columns - TSimd.Width)
            {
                FinishVector<TSimd, TVector>(e + j, factor, y + j, activations + j, delta + j);
                j += TSimd.Width;
            }
            if (!isWhole)
            {
                TVector a = TSimd.Multiply(TSimd.LoadMasked(e + j, mask), factor);
                TSimd.StoreMasked(activations + j, mask, a);
                TSimd.StoreMasked(delta + j, mask, TSimd.Subtract(a, TSimd.LoadMasked(y + j, mask)));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FinishVector<TSimd, TVector>(float* e, TVector factor, float* y, float* activations, float* delta)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector a = TSimd.Multiply(TSimd.Load(e), factor);
        TSimd.Store(activations, a);
        TSimd.Store(delta, TSimd.Subtract(a, TSimd.Load(y)));
    }
}

/// <summary>x_j.</summary>
internal readonly unsafe struct ElementTerm<TSimd, TVector>(float* x) : ILaneTerm<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Add(TVector sum, int j) => TSimd.Add(sum, TSimd.Load(x + j));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector AddMasked(TVector sum, int j, TVector mask) => TSimd.Add(sum, TSimd.LoadMasked(x + j, mask));
}

/// <summary>y_j (max − z_j), and 0 where y_j = 0.</summary>
internal readonly unsafe struct DistanceTerm<TSimd, TVector>(float* z, float* y, float max) : ILaneTerm<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Add(TVector sum, int j) => Add(sum, TSimd.Load(z + j), TSimd.Load(y + j));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector AddMasked(TVector sum, int j, TVector mask) =>
        Add(sum, TSimd.LoadMasked(z + j, mask), TSimd.LoadMasked(y + j, mask));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Add(TVector sum, TVector z, TVector y)
    {
        TVector term = TSimd.Multiply(y, TSimd.Subtract(TSimd.Broadcast(max), z));
        return TSimd.Add(sum, TSimd.Select(TSimd.Equal(y, TSimd.Zero), TSimd.Zero, term));
    }
}
