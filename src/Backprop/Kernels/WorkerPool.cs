using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Backprop.Kernels;

/// <summary>A few threads that wait for parts of one piece of work at a time. They end with the process.</summary>
/// <remarks>
/// A worker that has nothing to do looks for work for 50 µs, so that the products of one training step find it
/// awake, and then sleeps. A second caller while the pool is busy does its parts itself: parts never depend on each other.
/// </remarks>
internal static unsafe class WorkerPool
{
    // parts never call Run: the lock would let the same thread in again
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
            RunOnAll(workers.AsSpan(0, parts - 1), work, state);
        }
        finally
        {
            s_exclusive.Exit();
        }
    }

    /// <summary>Does not return, not even by an exception, before every worker has let go of the caller's state.</summary>
    private static void RunOnAll(ReadOnlySpan<Worker> workers, delegate*<void*, int, void> work, void* state)
    {
        int started = 0;
        try
        {
            for (; started < workers.Length; started++) workers[started].Start(work, state, started + 1);
            work(state, 0);
        }
        finally
        {
            foreach (Worker worker in workers[..started]) worker.Join();
        }
        foreach (Worker worker in workers) worker.ThrowIfFailed();
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
        private const double SpinMicroseconds = 50;
        private const int PausesPerTurn = 4;

        private static readonly long s_spinTicks = (long)(SpinMicroseconds * Stopwatch.Frequency / 1e6);

        private readonly object _gate = new();
        private delegate*<void*, int, void> _work;
        private void* _state;
        private int _part;
        private volatile bool _pending;
        private volatile bool _asleep;
        private ExceptionDispatchInfo? _failure;

        public Worker()
        {
            new Thread(Loop) { IsBackground = true, Name = "Backprop worker" }.UnsafeStart();
        }

        public void Start(delegate*<void*, int, void> work, void* state, int part)
        {
            _work = work;
            _state = state;
            _part = part;
            _failure = null;
            _pending = true;
            // the flag must be up before sleep is looked for: the worker does the same the other way round
            Interlocked.MemoryBarrier();
            if (!_asleep) return;
            lock (_gate) Monitor.Pulse(_gate);
        }

        public void Join()
        {
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetTimestamp() - start < s_spinTicks;)
            {
                if (!_pending) return;
                Thread.SpinWait(PausesPerTurn);
            }
            var spinner = new SpinWait();
            while (_pending) spinner.SpinOnce(sleep1Threshold: -1);
        }

        /// <summary>Passes on what stopped the last piece of work, if anything did.</summary>
        public void ThrowIfFailed() => _failure?.Throw();

        private void Loop()
        {
            while (true)
            {
                Await();
                try
                {
                    _work(_state, _part);
                }
                catch (OutOfMemoryException exception)
                {
                    // the one thing a part can fail at: its packing buffer
                    _failure = ExceptionDispatchInfo.Capture(exception);
                }
                _pending = false;
            }
        }

        private void Await()
        {
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetTimestamp() - start < s_spinTicks;)
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
