namespace Backprop.Kernels;

/// <summary>A few threads that wait for parts of one piece of work at a time. They end with the process.</summary>
/// <remarks>
/// A worker that has nothing to do looks for work for some tens of microseconds, so that the products of one training step find it
/// awake, and then sleeps. A second caller while the pool is busy does its parts itself: parts never depend on each other.
/// </remarks>
internal static unsafe class WorkerPool
{
    private static readonly Lock s_exclusive = new();
    private static Worker[] s_workers = [];

    /// <summary>Runs work(state, part) for each part 0 … parts − 1, part 0 on the calling thread, and returns when all are done.</summary>
    public static void Run(int parts, delegate*<void*, int, void> work, void* state)
    {
        if (parts <= 1 || !s_exclusive.TryEnter())
        {
            for (int part = 0; part < parts; part++) work(state, part);
            return;
        }
        try
        {
            Worker[] workers = Grow(parts - 1);
            for (int part = 1; part < parts; part++) workers[part - 1].Start(work, state, part);
            work(state, 0);
            for (int part = 1; part < parts; part++) workers[part - 1].Join();
        }
        finally
        {
            s_exclusive.Exit();
        }
    }

    private static Worker[] Grow(int count)
    {
        if (s_workers.Length >= count) return s_workers;
        var workers = new Worker[count];
        for (int i = 0; i < count; i++) workers[i] = i < s_workers.Length ? s_workers[i] : new Worker();
        return s_workers = workers;
    }

    private sealed class Worker
    {
        // at about 30 ns a turn, some 30 µs
        private const int SpinTurns = 1000;
        private const int PausesPerTurn = 8;

        private readonly object _gate = new();
        private delegate*<void*, int, void> _work;
        private void* _state;
        private int _part;
        private volatile bool _pending;
        private volatile bool _asleep;

        public Worker()
        {
            new Thread(Loop) { IsBackground = true, Name = "Backprop worker" }.Start();
        }

        public void Start(delegate*<void*, int, void> work, void* state, int part)
        {
            _work = work;
            _state = state;
            _part = part;
            _pending = true;
            // the flag must be up before sleep is looked for: the worker does the same the other way round
            Interlocked.MemoryBarrier();
            if (!_asleep) return;
            lock (_gate) Monitor.Pulse(_gate);
        }

        public void Join()
        {
            var spinner = new SpinWait();
            while (_pending) spinner.SpinOnce(sleep1Threshold: -1);
        }

        private void Loop()
        {
            while (true)
            {
                Await();
                _work(_state, _part);
                _pending = false;
            }
        }

        private void Await()
        {
            for (int turn = 0; turn < SpinTurns; turn++)
            {
                if (_pending) return;
                Thread.SpinWait(PausesPerTurn);
            }
            lock (_gate)
            {
                _asleep = true;
                Interlocked.MemoryBarrier();
                while (!_pending) Monitor.Wait(_gate);
                _asleep = false;
            }
        }
    }
}
