using Backprop.Networks;

namespace Backprop.Tests.Reference;

/// <summary>The network of docs/notation.md, written down in double precision, one example at a time.</summary>
internal sealed class ReferenceNetwork(ReferenceParameters parameters)
{
    public ReferenceParameters Parameters { get; } = parameters;

    public int[] Layers => Parameters.Layers;

    public int Depth => Layers.Length - 1;

    /// <summary>Weights and biases uniform in ±2/√n_in and ±1, each a float, so that a <see cref="Network"/> holds them exactly.</summary>
    public static ReferenceNetwork Random(int[] layers, int seed)
    {
        Random random = new(seed);
        ReferenceParameters parameters = new(layers);
        for (int layer = 1; layer < layers.Length; layer++)
        {
            for (int i = 0; i < layers[layer - 1]; i++)
            {
                for (int j = 0; j < layers[layer]; j++)
                    parameters.Weights[layer][i, j] = (float)((2 * random.NextDouble() - 1) * 2 / Math.Sqrt(layers[layer - 1]));
            }

            for (int j = 0; j < layers[layer]; j++)
                parameters.Biases[layer][j] = (float)(2 * random.NextDouble() - 1);
        }

        return new ReferenceNetwork(parameters);
    }

    /// <summary>A network with these parameters, each rounded to a float.</summary>
    public Network ToNetwork()
    {
        Network network = new(Layers);
        for (int layer = 1; layer <= Depth; layer++)
        {
            network.SetWeights(layer, Parameters.Weights[layer].Cast<double>().Select(weight => (float)weight).ToArray());
            network.SetBiases(layer, Array.ConvertAll(Parameters.Biases[layer], bias => (float)bias));
        }

        return network;
    }

    /// <summary>z^l by layer (none for layer 0) and a^l by layer (a^0 is the input).</summary>
    public (double[][] Z, double[][] Activations) Forward(double[] input)
    {
        double[][] z = new double[Layers.Length][];
        double[][] activations = new double[Layers.Length][];
        activations[0] = input;
        for (int layer = 1; layer <= Depth; layer++)
        {
            z[layer] = new double[Layers[layer]];
            for (int j = 0; j < Layers[layer]; j++)
            {
                z[layer][j] = Parameters.Biases[layer][j];
                for (int i = 0; i < Layers[layer - 1]; i++)
                    z[layer][j] += Parameters.Weights[layer][i, j] * activations[layer - 1][i];
            }

            activations[layer] = layer == Depth ? Softmax(z[layer]) : Array.ConvertAll(z[layer], value => 1 / (1 + Math.Exp(-value)));
        }

        return (z, activations);
    }

    public double[] Predict(double[] input) => Forward(input).Activations[Depth];

    /// <summary>The mean over the examples of −Σ y_j ln a_j.</summary>
    public double Cost(double[][] inputs, double[][] targets)
    {
        double sum = 0;
        for (int row = 0; row < inputs.Length; row++)
        {
            double[] z = Forward(inputs[row]).Z[Depth];
            double maximum = z.Max();
            double logSum = maximum + Math.Log(z.Sum(value => Math.Exp(value - maximum)));
            for (int j = 0; j < z.Length; j++)
                sum += targets[row][j] * (logSum - z[j]);
        }

        return sum / inputs.Length;
    }

    /// <summary>δ^l by layer for one example.</summary>
    public double[][] Deltas(double[][] activations, double[] target)
    {
        double[][] delta = new double[Layers.Length][];
        // BP1: δ^L = a^L − y
        delta[Depth] = activations[Depth].Zip(target, (a, y) => a - y).ToArray();
        for (int layer = Depth - 1; layer >= 1; layer--)
        {
            // BP2: δ^l = (W^{l+1} δ^{l+1}) ⊙ a^l (1 − a^l)
            delta[layer] = new double[Layers[layer]];
            for (int i = 0; i < Layers[layer]; i++)
            {
                double back = 0;
                for (int j = 0; j < Layers[layer + 1]; j++)
                    back += Parameters.Weights[layer + 1][i, j] * delta[layer + 1][j];
                delta[layer][i] = back * activations[layer][i] * (1 - activations[layer][i]);
            }
        }

        return delta;
    }

    /// <summary>The mean over the examples of BP3, ∂C/∂b^l = δ^l, and BP4, ∂C/∂W^l = a^{l−1} (δ^l)ᵀ.</summary>
    public ReferenceParameters Gradient(double[][] inputs, double[][] targets)
    {
        ReferenceParameters gradient = new(Layers);
        for (int row = 0; row < inputs.Length; row++)
        {
            double[][] activations = Forward(inputs[row]).Activations;
            double[][] delta = Deltas(activations, targets[row]);
            for (int layer = 1; layer <= Depth; layer++)
            {
                for (int j = 0; j < Layers[layer]; j++)
                {
                    gradient.Biases[layer][j] += delta[layer][j] / inputs.Length;
                    for (int i = 0; i < Layers[layer - 1]; i++)
                        gradient.Weights[layer][i, j] += activations[layer - 1][i] * delta[layer][j] / inputs.Length;
                }
            }
        }

        return gradient;
    }

    /// <summary>W ← (1 − η·decay) W − η ∂C/∂W, b ← b − η ∂C/∂b, where decay is λ/n.</summary>
    public void Step(ReferenceParameters gradient, double learningRate, double decay)
    {
        for (int layer = 1; layer <= Depth; layer++)
        {
            for (int j = 0; j < Layers[layer]; j++)
            {
                Parameters.Biases[layer][j] -= learningRate * gradient.Biases[layer][j];
                for (int i = 0; i < Layers[layer - 1]; i++)
                {
                    double weight = Parameters.Weights[layer][i, j];
                    Parameters.Weights[layer][i, j] = weight - learningRate * decay * weight - learningRate * gradient.Weights[layer][i, j];
                }
            }
        }
    }

    private static double[] Softmax(double[] z)
    {
        double maximum = z.Max();
        double[] exponentials = Array.ConvertAll(z, value => Math.Exp(value - maximum));
        double sum = exponentials.Sum();
        return Array.ConvertAll(exponentials, value => value / sum);
    }
}
