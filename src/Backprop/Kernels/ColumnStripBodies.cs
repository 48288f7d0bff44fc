using Backprop.Simd;
using unsafe TileFunction = delegate*<Backprop.Kernels.TileArguments*, float*, float*, float*, void>;

namespace Backprop.Kernels;

/// <summary>The bodies of <see cref="ColumnStrip"/> for one width.</summary>
internal static unsafe class ColumnStripBodies<TSimd, TVector, TLoad>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TLoad : struct, IMatrixLoad
{
    private static readonly Bodies* s_all = Bodies.Create(BodyKind.Tile);

    /// <summary>The body for so many vectors, or null where it is not compiled yet.</summary>
    public static TileFunction Get(in TileArguments t, int vectors)
    {
        if (Bodies.AreCompiledAhead) return Of(vectors);
        nint compiled = s_all->Of(vectors);
        return (TileFunction)(compiled != 0 ? compiled : Bodies.Count(s_all, vectors, (long)t.K * vectors * TSimd.Width, (nint)Of(vectors)));
    }

    private static TileFunction Of(int vectors) => vectors switch
    {
        1 => &ColumnStrip.Run<TSimd, TVector, N1, TLoad>,
        2 => &ColumnStrip.Run<TSimd, TVector, N2, TLoad>,
        3 => &ColumnStrip.Run<TSimd, TVector, N3, TLoad>,
        4 => &ColumnStrip.Run<TSimd, TVector, N4, TLoad>,
        5 => &ColumnStrip.Run<TSimd, TVector, N5, TLoad>,
        6 => &ColumnStrip.Run<TSimd, TVector, N6, TLoad>,
        7 => &ColumnStrip.Run<TSimd, TVector, N7, TLoad>,
        _ => &ColumnStrip.Run<TSimd, TVector, N8, TLoad>,
    };
}
