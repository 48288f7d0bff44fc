using Backprop.Data;

namespace Backprop.Training;

/// <summary>Successive examples of a random order, gathered into one buffer.</summary>
internal sealed class BatchChunk(LabelledExamples examples, int capacity)
{
    private readonly float[] _inputs = new float[(long)capacity * examples.Features];
    private readonly int[] _classes = new int[capacity];

    /// <summary>The place in the order of the first.</summary>
    internal int Start { get; private set; }

    /// <summary>The place behind the last.</summary>
    internal int End { get; private set; }

    /// <summary>Gathers from a place in the order on, as many as there is room for.</summary>
    internal void Fill(int[] order, int start)
    {
        Start = start;
        End = Math.Min(order.Length, start + _classes.Length);
        for (int place = Start; place < End; place++)
        {
            int example = order[place];
            examples.Input(example).CopyTo(_inputs.AsSpan((place - Start) * examples.Features));
            _classes[place - Start] = examples.Classes[example];
        }
    }

    /// <summary>The inputs of some of them, row-major.</summary>
    internal ReadOnlySpan<float> Inputs(int place, int rows) =>
        _inputs.AsSpan((place - Start) * examples.Features, rows * examples.Features);

    /// <summary>The classes of some of them.</summary>
    internal ReadOnlySpan<int> Classes(int place, int rows) => _classes.AsSpan(place - Start, rows);
}
