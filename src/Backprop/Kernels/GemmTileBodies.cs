using Backprop.Simd;
using unsafe TileFunction = delegate*<Backprop.Kernels.TileArguments*, float*, float*, float*, void>;

namespace Backprop.Kernels;

/// <summary>The bodies of <see cref="GemmTile"/> for one width, one set of columns and one layout of A.</summary>
internal static unsafe class GemmTileBodies<TSimd, TVector, TColumns, TLayout>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
    where TColumns : unmanaged, ITileColumns
    where TLayout : unmanaged, ITileLayout
{
    /// <summary>Those that are compiled, by rows.</summary>
    public static readonly Bodies* All = Bodies.Create(BodyKind.Tile);

    /// <summary>What runs so many tiles whose body is not compiled.</summary>
    public static TileFunction Get(in TileArguments t, int rows, long tiles)
    {
        if (Bodies.AreCompiledAhead) return Of(rows);
        nint body = Bodies.Count(All, rows, tiles * rows * t.Columns * t.K, (nint)Of(rows));
        return body != 0 ? (TileFunction)body : &TileOfAnySize.Run<TSimd, TVector>;
    }

    private static TileFunction Of(int rows) => rows switch
    {
        1 => &GemmTile.Run<TSimd, TVector, N1, TColumns, TLayout>,
        2 => &GemmTile.Run<TSimd, TVector, N2, TColumns, TLayout>,
        3 => &GemmTile.Run<TSimd, TVector, N3, TColumns, TLayout>,
        4 => &GemmTile.Run<TSimd, TVector, N4, TColumns, TLayout>,
        5 => &GemmTile.Run<TSimd, TVector, N5, TColumns, TLayout>,
        6 => &GemmTile.Run<TSimd, TVector, N6, TColumns, TLayout>,
        7 => &GemmTile.Run<TSimd, TVector, N7, TColumns, TLayout>,
        8 => &GemmTile.Run<TSimd, TVector, N8, TColumns, TLayout>,
        9 => &GemmTile.Run<TSimd, TVector, N9, TColumns, TLayout>,
        10 => &GemmTile.Run<TSimd, TVector, N10, TColumns, TLayout>,
        11 => &GemmTile.Run<TSimd, TVector, N11, TColumns, TLayout>,
        _ => &GemmTile.Run<TSimd, TVector, N12, TColumns, TLayout>,
    };
}
