using System.Runtime.CompilerServices;
using unsafe TileFunction = delegate*<Backprop.Kernels.TileArguments*, float*, float*, float*, void>;

namespace Backprop.Kernels;

/// <summary>The bodies of one kind of tile, by size: which of them are compiled.</summary>
/// <remarks>
/// A body takes the JIT 2 to 4 ms, and a network's first training steps need a dozen. Until its own body is compiled a tile is
/// run by <see cref="TileOfAnySize"/>, which gives the same bits; a body that has had enough work is compiled by
/// <see cref="TileCompiler"/> meanwhile. A program that is compiled ahead has all of them.
/// </remarks>
internal sealed unsafe class TileBodies(int sizes)
{
    /// <summary>So many multiply-adds are worth the time of a compilation on another thread.</summary>
    private const long EnoughWork = 1 << 20;

    /// <summary>What a call counts beside its multiply-adds.</summary>
    private const long WorkOfCall = 1 << 12;

    private readonly nint[] _compiled = new nint[sizes + 1];
    private readonly long[] _work = new long[sizes + 1];

    /// <summary>The body of a size, or null where it is not compiled.</summary>
    public TileFunction this[int size]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (TileFunction)_compiled[size];
    }

    /// <summary>Says that <paramref name="body"/> has so many multiply-adds to do and is not compiled; gives it back where it is to run all the
    /// same, null where another one stands in.</summary>
    public TileFunction Count(int size, long multiplyAdds, TileFunction body)
    {
        if (TileCompiler.CompilesAtOnce)
        {
            _compiled[size] = (nint)body;
            return body;
        }
        // two threads may lose a call of each other's, which delays a compilation
        long before = _work[size];
        _work[size] = before + multiplyAdds + WorkOfCall;
        if (before < EnoughWork && _work[size] >= EnoughWork && !TileCompiler.TryAdd(this, size, body)) _work[size] = before;
        return null;
    }

    /// <summary>Says that the body of a size is compiled.</summary>
    public void Add(int size, TileFunction body) => Volatile.Write(ref _compiled[size], (nint)body);
}
