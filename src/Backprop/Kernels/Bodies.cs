using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
/// 0011). A program that is compiled ahead has all of them. Tables lie outside the managed heap: a kernel allocates nothing, not even when the
/// first product of a kind comes late.
/// </remarks>
internal unsafe struct Bodies
{
    /// <summary>The runtime setting, true or false, that has bodies run, and so compiled, from their first call on.</summary>
    public const string SwitchName = "Backprop.CompileAtOnce";

    /// <summary>The largest size.</summary>
    public const int MaxSize = 12;

    /// <summary>What an element of an elementwise function counts.</summary>
    public const long WorkOfElement = 64;

    /// <summary>So many multiply-adds are worth the time of a compilation on another thread.</summary>
    private const long EnoughWork = 1 << 20;

    /// <summary>What a call counts beside its multiply-adds.</summary>
    private const long WorkOfCall = 1 << 12;

    private fixed long _compiled[MaxSize + 1];
    private fixed long _work[MaxSize + 1];

    /// <summary>Whether bodies run from their first call on.</summary>
    public static bool CompileAtOnce { get; set; } = AppContext.TryGetSwitch(SwitchName, out bool isSet) && isSet;

    /// <summary>Whether all code of the program is compiled before it runs. The compiler that does it knows, and leaves out what stands in.</summary>
    public static bool AreCompiledAhead => !RuntimeFeature.IsDynamicCodeCompiled;

    /// <summary>What the bodies are called with.</summary>
    public BodyKind Kind { get; private set; }

    /// <summary>A table without any, for the life of the process.</summary>
    public static Bodies* Create(BodyKind kind)
    {
        var bodies = (Bodies*)NativeMemory.AllocZeroed((nuint)sizeof(Bodies));
        bodies->Kind = kind;
        return bodies;
    }

    /// <summary>The body of a size, a function pointer, or 0 where it is not compiled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly nint Of(int size) => (nint)_compiled[size];

    /// <summary>Says that <paramref name="body"/> has so many multiply-adds to do and is not compiled. Gives it back where it is to run all the
    /// same, 0 where another one stands in.</summary>
    public static nint Count(Bodies* bodies, int size, long multiplyAdds, nint body)
    {
        if (CompileAtOnce)
        {
            bodies->Add(size, body);
            return body;
        }
        // two threads may lose a call of each other's, which delays a compilation
        long before = bodies->_work[size], after = before + multiplyAdds + WorkOfCall;
        bool isEnough = before < EnoughWork && after >= EnoughWork;
        if (!isEnough || BodyCompiler.TryAdd(bodies, size, body)) bodies->_work[size] = after;
        return 0;
    }

    /// <summary>Says that the body of a size is compiled.</summary>
    public void Add(int size, nint body) => Volatile.Write(ref _compiled[size], body);
}
