using Backprop.Data;
using Backprop.Networks;

namespace Backprop.Training;

/// <summary>Draws the parameters a training starts from.</summary>
public static class Initializer
{
    /// <summary>The digits of e: keeps this stream apart from others that derive from the same seed.</summary>
    private const ulong Stream = 0x2B7E151628AED2A6;

    /// <summary>
    /// Sets all parameters of a network. The numbers come from a <see cref="RandomSource"/> seeded with <paramref name="seed"/> XOR a
    /// constant, layer by layer, the weights row by row and then the biases: the same on every platform.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="initialization">The distributions.</param>
    /// <param name="seed">Any number.</param>
    /// <exception cref="ArgumentNullException"><paramref name="network"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="initialization"/> is none of the enumeration's values.</exception>
    public static void Initialize(Network network, Initialization initialization, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (initialization is < Initialization.ScaledNormal or > Initialization.Network3)
        {
            throw new ArgumentOutOfRangeException(
                nameof(initialization), initialization, $"initialization: expected a member of Initialization, got {initialization}");
        }

        RandomSource random = new(seed ^ Stream);
        for (int layer = 1; layer <= network.Depth; layer++)
        {
            if (initialization == Initialization.Network3 && layer == network.Depth)
                Clear(network, layer);
            else
                Draw(network, layer, initialization, random);
        }
    }

    private static void Draw(Network network, int layer, Initialization initialization, RandomSource random)
    {
        int inputs = network.Layers[layer - 1];
        int outputs = network.Layers[layer];
        for (int input = 0; input < inputs; input++)
        {
            Span<float> row = network.WeightRow(layer, input);
            if (initialization == Initialization.Xavier)
                DrawUniform(random, row, MathF.Sqrt(6f / ((float)inputs + outputs)));
            else
                DrawNormal(random, row, Deviation(initialization, inputs, outputs));
        }

        if (initialization == Initialization.Xavier)
            network.Biases(layer).Clear();
        else
            DrawNormal(random, network.Biases(layer), 1);
    }

    private static float Deviation(Initialization initialization, int inputs, int outputs) => initialization switch
    {
        Initialization.ScaledNormal => 1 / MathF.Sqrt(inputs),
        Initialization.Network3 => 1 / MathF.Sqrt(outputs),
        _ => 1,
    };

    private static void DrawNormal(RandomSource random, Span<float> destination, float deviation)
    {
        foreach (ref float value in destination)
            value = deviation * random.NextNormal();
    }

    private static void DrawUniform(RandomSource random, Span<float> destination, float limit)
    {
        foreach (ref float value in destination)
            value = limit * (2 * random.NextSingle() - 1);
    }

    private static void Clear(Network network, int layer)
    {
        for (int input = 0; input < network.Layers[layer - 1]; input++)
            network.WeightRow(layer, input).Clear();
        network.Biases(layer).Clear();
    }
}
