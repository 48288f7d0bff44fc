namespace Backprop.Networks;

/// <summary>What the double-precision model computed for one example, by layer: a^0 is the input, z and δ start at layer 1.</summary>
internal sealed class DoubleTrace
{
    /// <summary>Makes room for layers of these sizes.</summary>
    internal DoubleTrace(ReadOnlySpan<int> layers, int target)
    {
        Target = target;
        Z = new double[layers.Length][];
        Activations = new double[layers.Length][];
        Delta = new double[layers.Length][];
        for (int layer = 0; layer < layers.Length; layer++)
        {
            Z[layer] = new double[layer == 0 ? 0 : layers[layer]];
            Activations[layer] = new double[layers[layer]];
            Delta[layer] = new double[layer == 0 ? 0 : layers[layer]];
        }
    }

    /// <summary>The class of the example.</summary>
    internal int Target { get; }

    /// <summary>z^l.</summary>
    internal double[][] Z { get; }

    /// <summary>a^l.</summary>
    internal double[][] Activations { get; }

    /// <summary>δ^l = ∂C_x/∂z^l.</summary>
    internal double[][] Delta { get; }

    /// <summary>C_x = −ln a^L_class.</summary>
    internal double Cost { get; set; }
}
