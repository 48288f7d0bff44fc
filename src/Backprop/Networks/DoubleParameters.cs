namespace Backprop.Networks;

/// <summary>One double for each parameter of a network: the parameters themselves, a gradient, or the errors of one.</summary>
internal sealed class DoubleParameters
{
    /// <summary>Makes zeros for layers of these sizes.</summary>
    internal DoubleParameters(ReadOnlySpan<int> layers)
    {
        Weights = new double[layers.Length][];
        Biases = new double[layers.Length][];
        Weights[0] = [];
        Biases[0] = [];
        for (int layer = 1; layer < layers.Length; layer++)
        {
            Weights[layer] = new double[layers[layer - 1] * layers[layer]];
            Biases[layer] = new double[layers[layer]];
        }
    }

    /// <summary>By layer, from 1 on: row-major n_{l−1} × n_l.</summary>
    internal double[][] Weights { get; }

    /// <summary>By layer, from 1 on: n_l.</summary>
    internal double[][] Biases { get; }
}
