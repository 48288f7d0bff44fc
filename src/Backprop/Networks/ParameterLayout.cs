using Backprop.Kernels;

namespace Backprop.Networks;

/// <summary>
/// Where each parameter of a network lies in its flat block. The block holds, for l = 1 … L, the weights W^l and then the biases
/// b^l, each from a 64-byte boundary on. W^l is row-major, n_{l−1} rows of n_l weights, each row padded to a multiple of 16
/// elements that is none of 256; b^l is padded likewise. The padding is zero, in the parameters and in every gradient, and stays zero under any update
/// that takes zero to zero. A gradient has the same layout as the parameters.
/// </summary>
/// <remarks>Immutable: may be shared between threads.</remarks>
public sealed class ParameterLayout
{
    /// <summary>256 elements, 1 KB.</summary>
    private const int CollidingRow = 256;

    private readonly int[] _layers;
    private readonly int[] _leadingDimensions;
    private readonly int[] _weightOffsets;
    private readonly int[] _biasOffsets;

    /// <summary>Lays out a network with these layer sizes, n_0 … n_L.</summary>
    /// <exception cref="ArgumentException">Fewer than two sizes, a size under 1, or more parameters than a block can hold.</exception>
    internal ParameterLayout(ReadOnlySpan<int> layers)
    {
        CheckLayers(layers);
        _layers = layers.ToArray();
        _leadingDimensions = new int[layers.Length];
        for (int i = 0; i < layers.Length; i++) _leadingDimensions[i] = (int)PaddedRow(layers[i]);
        _weightOffsets = new int[layers.Length];
        _biasOffsets = new int[layers.Length];
        int offset = 0;
        for (int layer = 1; layer < layers.Length; layer++)
        {
            _weightOffsets[layer] = offset;
            _biasOffsets[layer] = offset + layers[layer - 1] * _leadingDimensions[layer];
            offset = _biasOffsets[layer] + _leadingDimensions[layer];
            ParameterCount += (layers[layer - 1] + 1) * layers[layer];
        }

        Length = offset;
    }

    /// <summary>The sizes of the layers, n_0 (the inputs) … n_L (the outputs).</summary>
    public ReadOnlySpan<int> Layers => _layers;

    /// <summary>L, the number of layers that have weights.</summary>
    public int Depth => _layers.Length - 1;

    /// <summary>The number of parameters, Σ n_{l−1}·n_l + n_l.</summary>
    public int ParameterCount { get; }

    /// <summary>The number of elements of the block, padding included.</summary>
    public int Length { get; }

    /// <summary>The index in the block of w^l_ij, the weight from unit i of layer l−1 to unit j of layer l (units from 0).</summary>
    /// <param name="layer">l, 1 … <see cref="Depth"/>.</param>
    /// <param name="input">i, 0 … n_{l−1} − 1.</param>
    /// <param name="output">j, 0 … n_l − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A layer or a unit that is not there.</exception>
    public int WeightIndex(int layer, int input, int output)
    {
        CheckLayer(layer);
        CheckUnit(input, _layers[layer - 1], nameof(input));
        CheckUnit(output, _layers[layer], nameof(output));
        return _weightOffsets[layer] + input * _leadingDimensions[layer] + output;
    }

    /// <summary>The index in the block of b^l_j, the bias of unit j of layer l (units from 0).</summary>
    /// <param name="layer">l, 1 … <see cref="Depth"/>.</param>
    /// <param name="output">j, 0 … n_l − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A layer or a unit that is not there.</exception>
    public int BiasIndex(int layer, int output)
    {
        CheckLayer(layer);
        CheckUnit(output, _layers[layer], nameof(output));
        return _biasOffsets[layer] + output;
    }

    /// <summary>The distance between two rows of W^l, in elements; also the padded size of layer l in a workspace.</summary>
    internal int LeadingDimension(int layer) => _leadingDimensions[layer];

    /// <summary>A row's length with its padding: a multiple of a cache line, but not of 1 KB, at which rows fall on each other in L1.</summary>
    private static long PaddedRow(int size)
    {
        long padded = AlignedBuffer.RoundUp(size);
        return padded % CollidingRow == 0 ? padded + AlignedBuffer.RoundUp(1) : padded;
    }

    /// <summary>The padded weights of one layer in a block of this layout.</summary>
    internal Span<float> Weights(Span<float> block, int layer) =>
        block[_weightOffsets[layer].._biasOffsets[layer]];

    /// <summary>Row i of W^l, the n_l weights that leave unit i of layer l−1.</summary>
    internal Span<float> WeightRow(Span<float> block, int layer, int input) =>
        block.Slice(_weightOffsets[layer] + input * _leadingDimensions[layer], _layers[layer]);

    /// <summary>The padded biases of one layer in a block of this layout.</summary>
    internal Span<float> PaddedBiases(Span<float> block, int layer) =>
        block.Slice(_biasOffsets[layer], _leadingDimensions[layer]);

    /// <summary>The n_l biases of one layer in a block of this layout.</summary>
    internal Span<float> Biases(Span<float> block, int layer) =>
        block.Slice(_biasOffsets[layer], _layers[layer]);

    /// <summary>Sets the padding of a block to zero and leaves the rest alone.</summary>
    /// <param name="block">Parameters, a gradient or anything else in this layout, <see cref="Length"/> elements.</param>
    /// <exception cref="ArgumentException"><paramref name="block"/> has another length.</exception>
    public void ClearPadding(Span<float> block)
    {
        Check.Length(block.Length, Length, nameof(block));
        for (int layer = 1; layer <= Depth; layer++)
        {
            int stride = _leadingDimensions[layer];
            if (stride == _layers[layer])
                continue;
            // The biases lie behind the last row of weights, as one row more.
            for (int row = _weightOffsets[layer]; row <= _biasOffsets[layer]; row += stride)
                block[(row + _layers[layer])..(row + stride)].Clear();
        }
    }

    /// <summary>Whether the other layout is of the same layers, and so the same.</summary>
    internal bool Matches(ParameterLayout other) => ReferenceEquals(this, other) || Layers.SequenceEqual(other.Layers);

    /// <summary>Refuses a layer outside 1 … L.</summary>
    internal void CheckLayer(int layer)
    {
        if (layer < 1 || layer > Depth)
            throw new ArgumentOutOfRangeException(nameof(layer), layer, $"layer: 1 … {Depth} have weights, got {layer}");
    }

    private static void CheckUnit(int unit, int size, string name)
    {
        if ((uint)unit >= (uint)size)
            throw new ArgumentOutOfRangeException(name, unit, $"{name}: the layer has units 0 … {size - 1}, got {unit}");
    }

    private static void CheckLayers(ReadOnlySpan<int> layers)
    {
        if (layers.Length < 2)
            throw new ArgumentException($"layers: inputs and outputs, at least 2 sizes, are needed, got {layers.Length}", nameof(layers));
        long count = 0;
        long length = 0;
        for (int layer = 0; layer < layers.Length; layer++)
        {
            if (layers[layer] < 1)
                throw new ArgumentException($"layers: layer {layer} needs at least 1 unit, got {layers[layer]}", nameof(layers));
            if (layer == 0)
                continue;
            // Both stay under 2⁶³: each is checked against 2³¹ before the next product, under 2⁶³ itself, is added.
            count += (layers[layer - 1] + 1L) * layers[layer];
            length += (layers[layer - 1] + 1L) * PaddedRow(layers[layer]);
            if (count > int.MaxValue || length > AlignedBuffer.MaximumLength)
                ThrowTooMany(layers, count > int.MaxValue ? count : length);
        }
    }

    private static void ThrowTooMany(ReadOnlySpan<int> layers, long count) =>
        throw new ArgumentException(
            $"layers: {string.Join('-', layers.ToArray())} needs {count} or more parameters with their padding, " +
            $"at most {AlignedBuffer.MaximumLength} are possible",
            nameof(layers));
}
