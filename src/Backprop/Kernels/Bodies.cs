using System.Runtime.CompilerServices;

namespace Backprop.Kernels;

/// <summary>What a body is called with.</summary>
internal enum BodyKind
{
    /// <summary>As <see cref="GemmTile"/> and <see cref="ColumnStrip"/> are.</summary>
    Tile,

    /// <summary>As <see cref="Map"/> is.</summary>
    Map,

    /// <summary>As <see cref="RowMap"/> is.</summary>
    RowMap,
}

/// <summary>The bodies of one kernel at one width, by size: which of them are compiled.</summary>
/// <remarks>
/// An optimised body takes the JIT 2 to 8 ms, and a network's first training steps need fifteen. Until its own body is compiled a kernel runs
/// a smaller one that gives the same bits; a body that has had enough work is compiled by <see cref="BodyCompiler"/> meanwhile (decision
/// 0011). A program that is compiled ahead has all of them.
/// </remarks>
internal sealed class Bodies(BodyKind kind, int sizes = 0)
{
    /// <summary>So many multiply-adds are worth the time of a compilation on another thread.</summary>
    private const long EnoughWork = 1 << 20;

    /// <summary>What an element of an elementwise function counts.</summary>
    public const long WorkOfElement = 64;

    /// <summary>What a call counts beside its multiply-adds.</summary>
    private const long WorkOfCall = 1 << 12;

    private readonly nint[] _compiled = new nint[sizes + 1];
    private readonly long[] _work = new long[sizes + 1];

    /// <summary>The runtime setting, true or false, that has bodies run, and so compiled, from their first call on.</summary>
    public const string SwitchName = "Backprop.CompileAtOnce";

    /// <summary>Whether they do.</summary>
    public static bool CompileAtOnce { get; set; } = AppContext.TryGetSwitch(SwitchName, out bool isSet) && isSet;

    /// <summary>Whether all code of the program is compiled before it runs. The compiler that does it knows, and leaves out what stands in.</summary>
    public static bool AreCompiledAhead => !RuntimeFeature.IsDynamicCodeCompiled;

    /// <summary>What the bodies are called with.</summary>
    public BodyKind Kind => kind;

    /// <summary>The body of a size, a function pointer, or 0 where it is not compiled.</summary>
    public nint this[int size]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _compiled[size];
    }

    /// <summary>Says that <paramref name="body"/> has so many multiply-adds to do and is not compiled. Gives it back where it is to run all the
    /// same, 0 where another one stands in.</summary>
    public nint Count(int size, long multiplyAdds, nint body)
    {
        if (CompileAtOnce) return _compiled[size] = body;
        // two threads may lose a call of each other's, which delays a compilation
        long before = _work[size], after = before + multiplyAdds + WorkOfCall;
        bool isEnough = before < EnoughWork && after >= EnoughWork;
        if (!isEnough || BodyCompiler.TryAdd(this, size, body)) _work[size] = after;
        return 0;
    }

    /// <summary>Says that the body of a size is compiled.</summary>
    public void Add(int size, nint body) => Volatile.Write(ref _compiled[size], body);
}
