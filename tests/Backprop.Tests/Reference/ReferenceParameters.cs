using Backprop.Networks;

namespace Backprop.Tests.Reference;

/// <summary>A number for each parameter, by layer from 1 on: Weights[l][i, j] from unit i to unit j, Biases[l][j].</summary>
internal sealed class ReferenceParameters
{
    public ReferenceParameters(int[] layers)
    {
        Layers = layers;
        Weights = new double[layers.Length][,];
        Biases = new double[layers.Length][];
        for (int layer = 1; layer < layers.Length; layer++)
        {
            Weights[layer] = new double[layers[layer - 1], layers[layer]];
            Biases[layer] = new double[layers[layer]];
        }
    }

    public int[] Layers { get; }

    public double[][,] Weights { get; }

    public double[][] Biases { get; }

    /// <summary>Reads a block in a network's layout, such as its parameters or a gradient.</summary>
    public static ReferenceParameters FromBlock(ParameterLayout layout, ReadOnlySpan<float> block)
    {
        ReferenceParameters result = new(layout.Layers.ToArray());
        for (int layer = 1; layer <= layout.Depth; layer++)
        {
            for (int j = 0; j < result.Layers[layer]; j++)
            {
                result.Biases[layer][j] = block[layout.BiasIndex(layer, j)];
                for (int i = 0; i < result.Layers[layer - 1]; i++)
                    result.Weights[layer][i, j] = block[layout.WeightIndex(layer, i, j)];
            }
        }

        return result;
    }

    /// <summary>All numbers in the order of the layers, weights before biases, each with its name.</summary>
    public IEnumerable<(string Name, double Value)> Named()
    {
        for (int layer = 1; layer < Layers.Length; layer++)
        {
            for (int i = 0; i < Layers[layer - 1]; i++)
            {
                for (int j = 0; j < Layers[layer]; j++)
                    yield return ($"weights of layer {layer} [{i}, {j}]", Weights[layer][i, j]);
            }

            for (int j = 0; j < Layers[layer]; j++)
                yield return ($"biases of layer {layer} [{j}]", Biases[layer][j]);
        }
    }

    /// <summary>The first element that is further from <paramref name="exact"/> than its bound, in words; null if there is none.</summary>
    public string? FirstBeyond(ReferenceParameters exact, ReferenceParameters bounds)
    {
        foreach ((((string name, double value), (_, double expected)), (_, double bound)) in Named().Zip(exact.Named()).Zip(bounds.Named()))
        {
            if (!(Math.Abs(value - expected) <= bound))
                return FormattableString.Invariant($"{name} is {value}, expected {expected} ± {bound}");
        }

        return null;
    }
}
