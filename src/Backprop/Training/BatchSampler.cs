using Backprop.Data;

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
    private readonly RandomSource _seeds;
    private readonly int[] _order;
    private readonly float[] _inputs;
    private readonly int[] _classes;
    private int _next;

    /// <summary>Allocates the buffers.</summary>
    internal BatchSampler(LabelledExamples examples, int batchSize, ulong seed)
    {
        int rows = Math.Min(batchSize, examples.Count);
        _examples = examples;
        _seeds = new RandomSource(seed ^ Stream);
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

    /// <summary>Shuffles, and goes back to the first batch.</summary>
    internal void StartEpoch()
    {
        new RandomSource(_seeds.NextUInt64()).Permute(_order);
        _next = 0;
    }

    /// <summary>Gathers the next batch; false at the end of the epoch.</summary>
    internal bool MoveNext()
    {
        Rows = Math.Min(_classes.Length, _order.Length - _next);
        for (int row = 0; row < Rows; row++)
        {
            int example = _order[_next + row];
            _examples.Input(example).CopyTo(_inputs.AsSpan(row * _examples.Features));
            _classes[row] = _examples.Classes[example];
        }

        _next += Rows;
        return Rows > 0;
    }
}
