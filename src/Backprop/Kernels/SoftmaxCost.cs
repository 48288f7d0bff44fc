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
        where TVector : struct =>
        Total = columns <= TSimd.Width && Classes is not null && Activations is not null
            ? ShortRows<TSimd, TVector>(z, rows, columns, Classes, Activations, Delta)
            : Core<TSimd, TVector>(z, rows, columns, Targets, Classes, Activations, Delta);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Core<TSimd, TVector>(float* z, int rows, int columns, float* y, int* classes, float* a, float* delta)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        double total = 0;
        for (int row = 0; row < rows; row++, z += columns)
        {
            float max = SoftmaxRow.Max<TSimd, TVector>(z, columns);
            int hot = classes is not null ? Hot(classes[row], columns) : 0;
            // read before the logits may be overwritten
            (float weight, float distance) = classes is not null
                ? (1f, max - z[hot])
                : Distance<TSimd, TVector>(z, y + (nint)row * columns, columns, max);
            float sum;
            if (a is null)
            {
                sum = SoftmaxRow.SumOfExponentials<TSimd, TVector>(z, columns, max);
            }
            else
            {
                nint offset = (nint)row * columns;
                sum = SoftmaxRow.Exponentials<TSimd, TVector>(z, columns, max, a + offset);
                SoftmaxRow.Normalize<TSimd, TVector>(a + offset, columns, sum, a + offset);
                if (classes is not null) SubtractHot(a + offset, columns, hot, delta + offset);
                else SubtractTargets<TSimd, TVector>(a + offset, y + offset, columns, delta + offset);
            }
            total += Scalar.FusedMultiplyAdd(SoftmaxRow.Log(sum), weight, distance);
        }
        return total;
    }

    /// <summary>The class, within its range even where another thread has changed it since it was checked: it is written to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Hot(int index, int columns) => (int)Math.Min((uint)index, (uint)(columns - 1));

    /// <summary>The usual case, rows of no more columns than a vector has lanes and a class for each: everything stays in
    /// registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double ShortRows<TSimd, TVector>(float* z, int rows, int columns, int* classes, float* a, float* delta)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector mask = TSimd.FirstLanes(columns);
        double total = 0;
        for (int row = 0; row < rows; row++, z += columns, a += columns, delta += columns)
        {
            int hot = Hot(classes[row], columns);
            float hotZ = z[hot];
            (TVector e, float max, float sum) = SoftmaxRow.OfOneVector<TSimd, TVector>(z, mask);
            TVector activations = TSimd.Multiply(e, TSimd.Broadcast(1f / sum));
            TSimd.StoreMasked(a, mask, activations);
            TSimd.StoreMasked(delta, mask, activations);
            delta[hot] -= 1f;
            total += SoftmaxRow.Log(sum) + (max - hotZ);
        }
        return total;
    }

    /// <summary>Σ y_j, and Σ y_j (max − z_j).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (float Weight, float Distance) Distance<TSimd, TVector>(float* z, float* y, int columns, float max)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        (LaneSum.Run<TSimd, TVector, ElementTerm>(new ElementTerm(y), columns),
            LaneSum.Run<TSimd, TVector, DistanceTerm>(new DistanceTerm(z, y, max), columns));

    /// <summary>BP1 with a class index: δ = a but for the hot element, where it is a − 1.</summary>
    private static void SubtractHot(float* a, int columns, int hot, float* delta)
    {
        new ReadOnlySpan<float>(a, columns).CopyTo(new Span<float>(delta, columns));
        delta[hot] = a[hot] - 1f;
    }

    /// <summary>BP1: δ = a − y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SubtractTargets<TSimd, TVector>(float* a, float* y, int columns, float* delta)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int j = 0;
        for (; j <= columns - TSimd.Width; j += TSimd.Width)
            TSimd.Store(delta + j, TSimd.Subtract(TSimd.Load(a + j), TSimd.Load(y + j)));
        if (j < columns)
        {
            TVector mask = TSimd.FirstLanes(columns - j);
            TSimd.StoreMasked(delta + j, mask, TSimd.Subtract(TSimd.LoadMasked(a + j, mask), TSimd.LoadMasked(y + j, mask)));
        }
    }
}

/// <summary>x_j.</summary>
internal readonly unsafe struct ElementTerm(float* x) : ILaneTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Add<TSimd, TVector>(TVector sum, int j)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Add(sum, TSimd.Load(x + j));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector AddMasked<TSimd, TVector>(TVector sum, int j, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Add(sum, TSimd.LoadMasked(x + j, mask));
}

/// <summary>y_j (max − z_j), and 0 where y_j = 0.</summary>
internal readonly unsafe struct DistanceTerm(float* z, float* y, float max) : ILaneTerm
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Add<TSimd, TVector>(TVector sum, int j)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => Add<TSimd, TVector>(sum, TSimd.Load(z + j), TSimd.Load(y + j));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector AddMasked<TSimd, TVector>(TVector sum, int j, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => Add<TSimd, TVector>(sum, TSimd.LoadMasked(z + j, mask), TSimd.LoadMasked(y + j, mask));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVector Add<TSimd, TVector>(TVector sum, TVector z, TVector y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector term = TSimd.Multiply(y, TSimd.Subtract(TSimd.Broadcast(max), z));
        return TSimd.Add(sum, TSimd.Select(TSimd.Equal(y, TSimd.Zero), TSimd.Zero, term));
    }
}
