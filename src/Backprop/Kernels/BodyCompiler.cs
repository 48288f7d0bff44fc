namespace Backprop.Kernels;

/// <summary>A thread that has bodies compiled, one after the other, while the program goes on. It ends when it has had nothing to do for a
/// while, and makes the next one ready first, so that who needs that one allocates nothing.</summary>
internal static unsafe class BodyCompiler
{
    private const int Capacity = 64;

    /// <summary>More elements than a tile or a strip has, or constants a function.</summary>
    private const int MaxElements = 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly Lock s_gate = new();
    private static readonly Entry[] s_entries = new Entry[Capacity];
    private static readonly SemaphoreSlim s_count = new(0);
    private static Thread? s_ready = Create();
    private static int s_first;
    private static int s_length;

    /// <summary>Has a body compiled; false where too many wait.</summary>
    public static bool TryAdd(Bodies* bodies, int size, nint body)
    {
        // who would have to wait comes again
        if (!s_gate.TryEnter()) return false;
        try
        {
            if (s_length == Capacity || !IsRunning()) return false;
            s_entries[(s_first + s_length++) % Capacity] = new Entry { Bodies = bodies, Size = size, Body = body };
        }
        finally
        {
            s_gate.Exit();
        }
        s_count.Release();
        return true;
    }

    /// <summary>Allocates what the first body needs, so that its call need not.</summary>
    public static void Prepare() => GC.KeepAlive(s_count);

    private static Thread Create() => new(Loop) { IsBackground = true, Name = "Backprop compiler" };

    /// <summary>Starts the thread if it is not there. Where the system has no thread to give, bodies are compiled where they are called.</summary>
    private static bool IsRunning()
    {
        try
        {
            s_ready?.UnsafeStart();
            s_ready = null;
            return true;
        }
        catch (Exception problem) when (problem is OutOfMemoryException or ThreadStartException)
        {
            Bodies.CompileAtOnce = true;
            return false;
        }
    }

    private static void Loop()
    {
        try
        {
            do
            {
                while (s_count.Wait(s_patience))
                {
                    Entry entry = Take();
                    Call(entry.Bodies->Kind, entry.Body);
                    entry.Bodies->Add(entry.Size, entry.Body);
                }
            }
            while (!IsOver());
        }
        catch (OutOfMemoryException)
        {
            // what the program has may still suffice for it
            Bodies.CompileAtOnce = true;
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

    private static bool IsOver()
    {
        lock (s_gate)
        {
            if (s_length > 0) return false;
            s_ready = Create();
            return true;
        }
    }

    /// <summary>Calls a body for no work, which makes the runtime compile it.</summary>
    private static void Call(BodyKind kind, nint body)
    {
        float* f = stackalloc float[MaxElements];
        PrefetchPass* passes = stackalloc PrefetchPass[1];
        passes[0] = default;
        var t = new TileArguments { Passes = passes };
        switch (kind)
        {
            case BodyKind.Tile: ((delegate*<TileArguments*, float*, float*, float*, void>)body)(&t, f, f, f); break;
            case BodyKind.Map: ((delegate*<float*, float*, float*, int, void>)body)(f, f, f, 0); break;
            default: ((delegate*<float*, float*, float*, nint, float*, nint, int, int, void>)body)(f, f, f, 0, f, 0, 0, 0); break;
        }
    }

    private struct Entry
    {
        public Bodies* Bodies;
        public int Size;
        public nint Body;
    }
}
