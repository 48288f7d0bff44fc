using System.Diagnostics.CodeAnalysis;
using Backprop.Kernels;

namespace Backprop.Networks;

/// <summary>
/// The memory a network works in: activations and deltas of each layer for up to a given number of rows. Made once, it serves any
/// number of predictions, gradients and steps without another allocation (but for the buffer that a thread keeps from its first large
/// matrix product on, see <see cref="Kernel"/>).
/// </summary>
/// <remarks>
/// A workspace serves one call at a time: each thread that predicts or computes gradients needs its own. It fits every network with
/// the same layer sizes.
/// <para>Hidden layers are rows × n_l with rows padded as the weights' are; nothing reads or writes the padding. The output layer, whose
/// softmax needs exact rows, is dense.</para>
/// </remarks>
public sealed class Workspace
{
    private readonly ParameterLayout _layout;
    private readonly AlignedBuffer _buffer;
    private readonly int[] _activationOffsets;
    private readonly int[] _deltaOffsets;
    private readonly int _onesOffset;

    /// <summary>Allocates a workspace.</summary>
    /// <param name="network">A network with the layer sizes it is for.</param>
    /// <param name="maximumRows">The most rows (examples) of a call, at least 1.</param>
    /// <param name="threads">The most threads that a call may use, at least 1. The results are the same bits for any number.</param>
    /// <exception cref="ArgumentNullException"><paramref name="network"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumRows"/> or <paramref name="threads"/> is under 1.</exception>
    /// <exception cref="ArgumentException">So many rows need more elements than one block can hold.</exception>
    public Workspace(Network network, int maximumRows, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(network);
        Check.Positive(maximumRows);
        Check.Positive(threads);
        _layout = network.Layout;
        MaximumRows = maximumRows;
        Threads = threads;
        _activationOffsets = new int[_layout.Depth + 1];
        _deltaOffsets = new int[_layout.Depth + 1];
        CheckLength(maximumRows);
        int length = 0;
        for (int layer = 1; layer <= _layout.Depth; layer++)
        {
            _activationOffsets[layer] = Take(ref length, Stride(layer));
            _deltaOffsets[layer] = Take(ref length, Stride(layer));
        }

        _onesOffset = Take(ref length, 1);
        _buffer = new AlignedBuffer(length);
        BodyCompiler.Prepare();
        foreach (ref float one in Ones(maximumRows)) one = 1;
    }

    /// <summary>The most rows (examples) of a call.</summary>
    public int MaximumRows { get; }

    /// <summary>The most threads that a call may use.</summary>
    public int Threads { get; }

    /// <summary>The distance between two rows of layer l, in elements: padded for hidden layers, n_L for the output.</summary>
    internal int Stride(int layer) => layer == _layout.Depth ? _layout.Layers[layer] : _layout.LeadingDimension(layer);

    /// <summary>A^l, or rows of it; it holds Z^l until σ or softmax has run over it in place.</summary>
    internal Span<float> Activations(int layer, int rows, int first = 0) => Slice(_activationOffsets[layer], first, rows, Stride(layer));

    /// <summary>Δ^l, or rows of it.</summary>
    internal Span<float> Delta(int layer, int rows, int first = 0) => Slice(_deltaOffsets[layer], first, rows, Stride(layer));

    /// <summary>A vector of ones: a sum over the rows of Δ is a product with it.</summary>
    internal Span<float> Ones(int rows) => Slice(_onesOffset, 0, rows, 1);

    /// <summary>Refuses a call that this workspace is not for.</summary>
    internal void RequireFit(ParameterLayout layout, int rows)
    {
        if (!_layout.Matches(layout))
            ThrowOther(layout, "workspace");
        if (rows > MaximumRows)
            ThrowRows(rows);
    }

    private Span<float> Slice(int offset, int first, int rows, int stride) => _buffer.Span.Slice(offset + first * stride, rows * stride);

    private int Take(ref int length, int stride)
    {
        int offset = length;
        length += (int)AlignedBuffer.RoundUp((long)MaximumRows * stride);
        return offset;
    }

    private void CheckLength(int maximumRows)
    {
        double length = 0;
        for (int layer = 1; layer <= _layout.Depth; layer++)
            length += 2.0 * AlignedBuffer.RoundUp((long)maximumRows * Stride(layer));
        length += AlignedBuffer.RoundUp(maximumRows);
        if (length > AlignedBuffer.MaximumLength)
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"maximumRows: {maximumRows} rows need {length:F0} elements, at most {AlignedBuffer.MaximumLength} are possible"),
                nameof(maximumRows));
        }
    }

    [DoesNotReturn]
    private void ThrowOther(ParameterLayout layout, string name) =>
        throw new ArgumentException(
            $"{name}: made for a network {string.Join('-', _layout.Layers.ToArray())}, " +
            $"used with one of {string.Join('-', layout.Layers.ToArray())}",
            name);

    [DoesNotReturn]
    private void ThrowRows(int rows) =>
        throw new ArgumentException($"rows: the workspace holds at most {MaximumRows}, got {rows}", nameof(rows));
}
