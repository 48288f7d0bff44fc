using Backprop.Data;
using Backprop.Kernels;

namespace Backprop.Training;

/// <summary>
/// Hands out the training examples in mini-batches, in a new random order each epoch, gathered into one buffer.
/// </summary>
/// <remarks>
/// Each epoch has a generator of its own, seeded with the next number of a stream of seeds: its order depends on the seed and the
/// epoch's number alone.
/// </remarks>
internal sealed class BatchSampler
{
    /// <summary>The digits of π: keeps this stream apart from others that derive from the same seed.</summary>
    private const ulong Stream = 0x243F6A8885A308D3;

    private readonly LabelledExamples _examples;
    private readonly ulong _seed;
    private RandomSource _seeds;
    private int _seedsDrawn;
    private readonly int[] _order;
    private readonly float[] _inputs;
    private readonly int[] _classes;
    private int _next;

    /// <summary>Allocates the buffers.</summary>
    internal BatchSampler(LabelledExamples examples, int batchSize, ulong seed)
    {
        int rows = Math.Min(batchSize, examples.Count);
        _examples = examples;
        _seed = seed ^ Stream;
        _seeds = new RandomSource(_seed);
        _order = new int[examples.Count];
        _inputs = new float[rows * examples.Features];
        _classes = new int[rows];
    }

    /// <summary>The inputs of the present batch, row-major.</summary>
    internal ReadOnlySpan<float> Inputs => _inputs.AsSpan(0, Rows * _examples.Features);

    /// <summary>The classes of the present batch.</summary>
    internal ReadOnlySpan<int> Classes => _classes.AsSpan(0, Rows);

    /// <summary>The number of examples in the present batch.</summary>
    internal int Rows { get; private set; }

    /// <summary>The number of examples handed out in this epoch.</summary>
    internal int Done => _next;

    /// <summary>Shuffles for an epoch, counted from 1, and goes to the batch after so many.</summary>
    internal void StartEpoch(int epoch, int batchesDone = 0)
    {
        new RandomSource(DrawSeed(epoch)).Permute(_order);
        _next = (int)Math.Min(_order.Length, (long)batchesDone * _classes.Length);
    }

    /// <summary>Gathers the next batch; false at the end of the epoch, where the last one stays.</summary>
    internal bool MoveNext()
    {
        int rows = Math.Min(_classes.Length, _order.Length - _next);
        if (rows == 0)
            return false;
        Rows = rows;
        GatherInputs(_order.AsSpan(_next));
        for (int row = 0; row < rows; row++)
            _classes[row] = _examples.Classes[_order[_next + row]];

        _next += Rows;
        return true;
    }

    private void GatherInputs(ReadOnlySpan<int> order)
    {
        int features = _examples.Features;
        Span<float> inputs = _inputs.AsSpan(0, Rows * features);
        if (_examples.Pixels.IsEmpty)
            RowGather.Run(_examples.Inputs, features, order, Rows, inputs);
        else
            RowGather.Run(_examples.Pixels, features, order, Rows, inputs);
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
