using Backprop.Data;

namespace Backprop.Training;

/// <summary>
/// Hands out the training examples in mini-batches, in a new random order each epoch, gathered into one buffer.
/// </summary>
/// <remarks>
/// Each epoch has a generator of its own, seeded with the next number of a stream of seeds: its order depends on the seed and the
/// epoch's number alone. Rows in random order come from anywhere in memory: of MNIST, 5.6 µs for a batch of 10 whose step takes 24. So another
/// thread gathers the next chunk of batches while the steps on this one are computed; a set that fits one chunk needs none.
/// </remarks>
internal sealed class BatchSampler
{
    /// <summary>The digits of π: keeps this stream apart from others that derive from the same seed.</summary>
    private const ulong Stream = 0x243F6A8885A308D3;

    /// <summary>1 MiB: two chunks stay in a shared cache, and waking another thread for one costs little beside it.</summary>
    private const int ChunkElements = 1 << 18;

    private readonly int _batchSize;
    private readonly ulong _seed;
    private readonly int[] _order;
    private RandomSource _seeds;
    private int _seedsDrawn;
    private BatchChunk _present;
    private BatchChunk _ahead;
    private Task _gathering = Task.CompletedTask;

    /// <summary>Allocates the buffers.</summary>
    internal BatchSampler(LabelledExamples examples, int batchSize, ulong seed)
    {
        _batchSize = Math.Min(batchSize, examples.Count);
        _seed = seed ^ Stream;
        _seeds = new RandomSource(_seed);
        _order = new int[examples.Count];
        long batches = Math.Max(1, ChunkElements / ((long)_batchSize * examples.Features));
        int capacity = (int)Math.Min(examples.Count, batches * _batchSize);
        _present = new BatchChunk(examples, capacity);
        _ahead = capacity < examples.Count ? new BatchChunk(examples, capacity) : _present;
    }

    /// <summary>The inputs of the present batch, row-major.</summary>
    internal ReadOnlySpan<float> Inputs => _present.Inputs(Done - Rows, Rows);

    /// <summary>The classes of the present batch.</summary>
    internal ReadOnlySpan<int> Classes => _present.Classes(Done - Rows, Rows);

    /// <summary>The number of examples in the present batch.</summary>
    internal int Rows { get; private set; }

    /// <summary>The number of examples handed out in this epoch, the present batch included.</summary>
    internal int Done { get; private set; }

    /// <summary>Shuffles for an epoch, counted from 1, and goes to the batch after so many.</summary>
    internal void StartEpoch(int epoch, int batchesDone = 0)
    {
        _gathering.Wait();
        new RandomSource(DrawSeed(epoch)).Permute(_order);
        Done = (int)Math.Min(_order.Length, (long)batchesDone * _batchSize);
        Rows = 0;
        _present.Fill(_order, Done);
        GatherAhead();
    }

    /// <summary>Goes to the next batch; false at the end of the epoch, where the last one stays.</summary>
    internal bool MoveNext()
    {
        if (Done == _order.Length)
            return false;
        if (Done == _present.End)
        {
            _gathering.Wait();
            (_present, _ahead) = (_ahead, _present);
            GatherAhead();
        }

        Rows = Math.Min(_batchSize, _order.Length - Done);
        Done += Rows;
        return true;
    }

    // Where no other thread has time, the wait for the chunk gathers it on this one.
    private void GatherAhead()
    {
        (BatchChunk ahead, int start) = (_ahead, _present.End);
        if (start < _order.Length)
            _gathering = Task.Run(() => ahead.Fill(_order, start));
    }

    private ulong DrawSeed(int epoch)
    {
        if (epoch <= _seedsDrawn)
            (_seeds, _seedsDrawn) = (new RandomSource(_seed), 0);
        ulong seed = 0;
        for (; _seedsDrawn < epoch; _seedsDrawn++)
            seed = _seeds.NextUInt64();
        return seed;
    }
}
