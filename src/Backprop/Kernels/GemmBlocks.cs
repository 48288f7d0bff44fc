using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>The loops around the tile: blocks of k, of columns and of rows, packed where that pays.</summary>
/// <remarks>
/// Blocks change nothing in an element's chain: between two blocks of k it waits in C, which is exact. So block sizes are free to
/// depend on the machine: <see cref="GemmPlan"/> has them.
/// </remarks>
internal static unsafe class GemmBlocks
{
    /// <summary>C ← beta C + alpha A B on m × n elements, and what follows it; an operand is given by its strides, so a transposition only
    /// changes those.</summary>
    public static void Run<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        // what needs no plan goes without: it takes as long as the smallest products
        if (g.Shape.IsDots) Dots.Run<TSimd, TVector>(g);
        else if (GemmPlan.IsVector(g.Shape)) Vector<TSimd, TVector>(g);
        else if (IsSmall<TSimd, TVector>(g)) InPlace<TSimd, TVector>(g);
        else Run<TSimd, TVector>(g, GemmPlan.Create(g.Shape, TileShape.Of(TSimd.Level), CacheSizes.Current));
        g.Epilogue.Run<TSimd, TVector>(g.C, g.Ldc, g.M, g.N);
    }

    /// <summary>Whether a plan would come to tiles in place: one of them, or operands that L1 holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSmall<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (g.Shape.IsTransposedB || g.Shape.IsScaled) return false;
        return (g.N > 1 && IsOneTile<TSimd, TVector>(g)) || (g.N >= TSimd.Width && GemmPlan.Bytes(g.M, g.N, g.K) <= CacheSizes.Current.L1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsOneTile<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => g.M <= GemmTile.MaxRows(TSimd.Level) && g.N <= 2 * TSimd.Width;

    [SkipLocalsInit]
    private static void InPlace<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        PrefetchPass* passes = stackalloc PrefetchPass[2];
        if (IsOneTile<TSimd, TVector>(g))
        {
            GemmTiles.One<TSimd, TVector>(
                g.M, g.N, g.K, g.OriginOfA, g.Shape.StrideOfA, g.Shape.IsColumnMajorA, g.OriginOfB, g.Shape.StrideOfB, g.Beta, g.C, g.Ldc, passes);
            return;
        }
        PanelPrefetch nothing = default;
        GemmTiles.Run<TSimd, TVector>(
            g.M, g.N, g.K, TileOperand.InPlace(g.A, g.Shape.IsColumnMajorA), g.B, 2 * TSimd.Width, g.Beta, g.C, g.Ldc, ref nothing,
            prefetchesC: false, passes);
    }

    /// <summary>The product as a plan of its shape has it.</summary>
    internal static void Run<TSimd, TVector>(in GemmArguments g, in GemmPlan plan)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        switch (plan.Route)
        {
            case GemmRoute.Dots: Dots.Run<TSimd, TVector>(g); break;
            case GemmRoute.Vector: Vector<TSimd, TVector>(g); break;
            case GemmRoute.Narrow: NarrowProduct.Run<TSimd, TVector>(g, plan.Rows); break;
            default: Blocks<TSimd, TVector>(g, plan); break;
        }
    }

    /// <summary>One row of C as Bᵀ aᵀ, or one column as A b.</summary>
    private static void Vector<TSimd, TVector>(in GemmArguments g)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (g.M == 1 && !g.Shape.IsTransposedB)
            Columns.Run<TSimd, TVector>(g.K, g.N, g.Alpha, g.A.Origin, g.A.Step, g.B.Origin, g.B.Row, g.Beta, g.C);
        else
            Columns.Run<TSimd, TVector>(g.K, g.M, g.Alpha, g.B.Origin, g.B.Row, g.A.Origin, g.A.Step, g.Beta, g.C);
    }

    [SkipLocalsInit]
    private static void Blocks<TSimd, TVector>(in GemmArguments g, in GemmPlan plan)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        PrefetchPass* passes = stackalloc PrefetchPass[GemmTiles.MaxPasses];
        bool keepsPanels = KeepsPanels(plan, g.M);
        (int lengthOfA, int lengthOfB) = Packed<TSimd, TVector>(plan, g.M, g.Shape.IsColumnMajorA);
        float* bufferB = lengthOfA + lengthOfB > 0 ? ScratchBuffer.Get(lengthOfA + lengthOfB) : null, bufferA = bufferB + lengthOfB;
        for (int j = 0; j < g.N; j += plan.Columns)
        {
            int nj = Math.Min(plan.Columns, g.N - j), p = 0;
            do
            {
                int kp = Math.Min(plan.Depth, g.K - p);
                for (int i = 0; i < g.M; i += plan.Rows)
                {
                    int mi = Math.Min(plan.Rows, g.M - i);
                    GemmOperand rows = g.A.From(i, p);
                    TileOperand a = lengthOfA > 0
                        ? GemmPacking.PackA<TSimd, TVector>(rows, g.Shape.IsColumnMajorA, mi, kp, g.Alpha, bufferA)
                        : TileOperand.InPlace(rows, g.Shape.IsColumnMajorA);
                    Rows<TSimd, TVector>(g, plan, i, mi, j, nj, p, kp, a, bufferB, keepsPanels, passes);
                }
                p += kp;
            }
            while (p < g.K);
        }
    }

    /// <summary>A block of rows of A against a block of B. The first one copies the panels of B, each just before its tiles read it, and has
    /// time to prefetch the next one.</summary>
    private static void Rows<TSimd, TVector>(
        in GemmArguments g, in GemmPlan plan, int i, int m, int j, int n, int p, int k, in TileOperand a, float* packed, bool keepsPanels,
        PrefetchPass* passes)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int tileColumns = 2 * TSimd.Width;
        bool isPacked = plan.PackB != PackReason.None, copies = isPacked && i == 0, prefetches = plan.PrefetchesB && (copies || !isPacked);
        int columns = copies || prefetches ? tileColumns : n;
        nint toNextPanel = isPacked ? k * tileColumns : tileColumns;
        for (int column = 0, count; column < n; column += count)
        {
            count = Math.Min(columns, n - column);
            GemmOperand b = g.B.From(p, j + column);
            PanelPrefetch next = prefetches ? Next<TSimd, TVector>(b, g.Shape.IsTransposedB, m, k, g.N - j - column - tileColumns) : default;
            if (copies) GemmPacking.PackPanel<TSimd, TVector>(b, g.Shape.IsTransposedB, k, count, packed, tileColumns);
            if (isPacked) b = new GemmOperand(packed, tileColumns, 1);
            GemmTiles.Run<TSimd, TVector>(
                m, count, k, a, b, toNextPanel, p == 0 ? g.Beta : 1f, g.C + i * g.Ldc + j + column, g.Ldc, ref next, plan.PrefetchesC, passes);
            if (keepsPanels) packed += toNextPanel;
        }
    }

    /// <summary>The elements of the copies that a plan for m rows makes of a block of A and of panels of B.</summary>
    internal static (int OfA, int OfB) Packed<TSimd, TVector>(in GemmPlan plan, int m, bool isColumnMajorA)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int tileColumns = 2 * TSimd.Width, panels = KeepsPanels(plan, m) ? (plan.Columns + tileColumns - 1) / tileColumns : 1;
        return (
            plan.PackA == PackReason.None ? 0 : GemmPacking.LengthOfA<TSimd, TVector>(isColumnMajorA, plan.Rows, plan.Depth),
            plan.PackB == PackReason.None ? 0 : panels * plan.Depth * tileColumns);
    }

    /// <summary>Where one block of rows is all there is, a copied panel is used up before the next one.</summary>
    private static bool KeepsPanels(in GemmPlan plan, int m) => plan.Rows < m;

    /// <summary>The panel to the right of <paramref name="b"/>, of up to <paramref name="columns"/> columns, as the tiles of m rows prefetch
    /// it: rows of B, or of Bᵀ.</summary>
    private static PanelPrefetch Next<TSimd, TVector>(in GemmOperand b, bool isTransposed, int m, int k, int columns)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (columns <= 0) return default;
        int tileColumns = 2 * TSimd.Width, tileRows = GemmTile.MaxRows(TSimd.Level);
        long turns = (m + tileRows - 1) / tileRows * (long)(k / GemmTile.StepsPerTurn<TSimd>());
        GemmOperand next = b.From(0, tileColumns);
        return !isTransposed
            // rows may begin anywhere in a line, and then lie in one line more: the last element of each line's worth meets all but the first,
            // which is the last one of the panel before
            ? new PanelPrefetch(next.Origin + Prefetch.CacheLine - 1, b.Row, k, Math.Max(1, tileColumns / Prefetch.CacheLine), turns)
            : new PanelPrefetch(next.Origin, b.Step, Math.Min(tileColumns, columns), k / Prefetch.CacheLine, turns);
    }

    /// <summary>The smallest block size, a multiple of <paramref name="unit"/>, that needs no more blocks than <paramref name="most"/>
    /// does.</summary>
    public static int Balanced(int total, int most, int unit)
    {
        if (total <= most) return total;
        int blocks = (total - 1) / most + 1;
        return ((total - 1) / blocks + unit) / unit * unit;
    }
}
