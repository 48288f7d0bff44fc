using System.Runtime.CompilerServices;
using unsafe TileFunction = delegate*<Backprop.Kernels.TileArguments*, float*, float*, float*, void>;

namespace Backprop.Kernels;

/// <summary>A thread that has the bodies of tiles compiled, one after the other, while the program goes on. It ends with the process.</summary>
internal static unsafe class TileCompiler
{
    private const int Capacity = 64;

    /// <summary>More elements than a tile or a strip has.</summary>
    private const int MaxElements = 1024;

    private static readonly Lock s_gate = new();
    private static readonly Entry[] s_entries = new Entry[Capacity];
    private static readonly SemaphoreSlim s_count = new(0);
    private static int s_first;
    private static int s_length;

    static TileCompiler()
    {
        if (!CompilesAtOnce) new Thread(Loop) { IsBackground = true, Name = "Backprop compiler" }.UnsafeStart();
    }

    /// <summary>Whether bodies run from their first call on: where all code is compiled ahead, and where tests ask for it.</summary>
    public static bool CompilesAtOnce { get; set; } = !RuntimeFeature.IsDynamicCodeCompiled;

    /// <summary>Has a body compiled; false where too many wait.</summary>
    public static bool TryAdd(TileBodies bodies, int size, TileFunction body)
    {
        lock (s_gate)
        {
            if (s_length == Capacity) return false;
            s_entries[(s_first + s_length++) % Capacity] = new Entry(bodies, size, body);
        }
        s_count.Release();
        return true;
    }

    private static void Loop()
    {
        while (true)
        {
            s_count.Wait();
            Compile(Take());
        }
    }

    private static Entry Take()
    {
        lock (s_gate)
        {
            Entry entry = s_entries[s_first];
            s_first = (s_first + 1) % Capacity;
            s_length--;
            return entry;
        }
    }

    /// <summary>Calls the body for a chain of no steps, which makes the runtime compile it.</summary>
    private static void Compile(Entry entry)
    {
        PrefetchPass* passes = stackalloc PrefetchPass[1];
        float* elements = stackalloc float[MaxElements];
        passes[0] = default;
        var arguments = new TileArguments { Passes = passes };
        entry.Body(&arguments, elements, elements, elements);
        entry.Bodies.Add(entry.Size, entry.Body);
    }

    private readonly struct Entry(TileBodies bodies, int size, TileFunction body)
    {
        public TileBodies Bodies { get; } = bodies;

        public int Size { get; } = size;

        public TileFunction Body { get; } = body;
    }
}
