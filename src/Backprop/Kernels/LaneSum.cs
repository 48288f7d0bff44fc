using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>The terms of a sum over j, a vector of them at a time.</summary>
internal interface ILaneTerm<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    /// <summary>sum + the terms j … j + Width − 1.</summary>
    TVector Add(TVector sum, int j);

    /// <summary>sum + those of the terms j … j + Width − 1 that are set in <paramref name="mask"/>; the others are not touched.</summary>
    TVector AddMasked(TVector sum, int j, TVector mask);
}

/// <summary>Sums in an order that no vector width changes: term j goes to lane j mod 16 in ascending order, one tree adds up the
/// lanes.</summary>
/// <remarks>Error at most (n/16 + 5) · 2⁻²⁴ Σ|term| beside that of the terms.</remarks>
internal static unsafe class LaneSum
{
    /// <summary>The number of lanes at every width, the widest vector's.</summary>
    public const int Lanes = 16;

    /// <summary>Where the whole vectors of a pass over the lanes from <paramref name="first"/> on end, count ≥ 1: what is left there goes through
    /// a mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int End<TSimd, TVector>(int first, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => first + (count - first + Lanes - TSimd.Width) / Lanes * Lanes;

    /// <summary>The sum of the terms 0 … count − 1. A width below 16 lanes takes several passes, each over its own lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Run<TSimd, TVector, TTerm>(in TTerm term, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TTerm : struct, ILaneTerm<TSimd, TVector>
    {
        if (TSimd.Width == Lanes) return TSimd.SumLanes(Pass<TSimd, TVector, TTerm>(term, 0, count));
        float* lanes = stackalloc float[Lanes];
        for (int lane = 0; lane < Lanes; lane += TSimd.Width) TSimd.Store(lanes + lane, Pass<TSimd, TVector, TTerm>(term, lane, count));
        return Tree<TSimd, TVector>(lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Pass<TSimd, TVector, TTerm>(in TTerm term, int first, int count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TTerm : struct, ILaneTerm<TSimd, TVector>
    {
        TVector sum = TSimd.Zero;
        int j = first;
        for (; j <= count - TSimd.Width; j += Lanes) sum = term.Add(sum, j);
        return j < count ? term.AddMasked(sum, j, TSimd.FirstLanes(count - j)) : sum;
    }

    /// <summary>The tree: lane i plus lane i + 8, then i + 4, i + 2 and i + 1. Overwrites the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Tree<TSimd, TVector>(float* lanes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.SumLanes(Fold<TSimd, TVector>(lanes));

    /// <summary>The first steps of the tree, down to one vector. Overwrites the lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Fold<TSimd, TVector>(float* lanes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (int half = Lanes / 2; half >= TSimd.Width; half /= 2)
        {
            for (int lane = 0; lane < half; lane += TSimd.Width)
                TSimd.Store(lanes + lane, TSimd.Add(TSimd.Load(lanes + lane), TSimd.Load(lanes + lane + half)));
        }
        return TSimd.Load(lanes);
    }

    /// <summary>The elements set in <paramref name="mask"/>, −0 elsewhere. A lane beyond the terms then adds 0 · −0 = −0, which leaves every
    /// sum as it is; 0 · 0 would turn a sum of −0, where negative products underflow, into +0, at those widths alone that have such a
    /// lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LoadNeutral<TSimd, TVector>(float* source, TVector mask)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct =>
        TSimd.Select(mask, TSimd.LoadMasked(source, mask), TSimd.BroadcastBits(int.MinValue));
}

/// <summary>x_j y_j, each lane one chain of fused multiply-adds.</summary>
internal readonly unsafe struct ProductTerm<TSimd, TVector>(float* x, float* y) : ILaneTerm<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Add(TVector sum, int j) => TSimd.FusedMultiplyAdd(TSimd.Load(x + j), TSimd.Load(y + j), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector AddMasked(TVector sum, int j, TVector mask) =>
        TSimd.FusedMultiplyAdd(TSimd.LoadMasked(x + j, mask), LaneSum.LoadNeutral<TSimd, TVector>(y + j, mask), sum);
}
