namespace Backprop.Networks;

/// <summary>
/// The network's formulas once more, one example and one unit at a time in double precision. It is what
/// <see cref="GradientCheck"/> measures the single-precision kernels by, so it uses none of them.
/// </summary>
internal sealed class DoubleModel
{
    private readonly int[] _layers;

    /// <summary>A model of a network's parameters as they are now.</summary>
    internal DoubleModel(Network network)
        : this(network.Layers, new DoubleParameters(network.Layers))
    {
        for (int layer = 1; layer <= Depth; layer++)
        {
            float[] weights = new float[Parameters.Weights[layer].Length];
            network.GetWeights(layer, weights);
            Widen(weights).CopyTo(Parameters.Weights[layer], 0);
            Widen(network.Biases(layer)).CopyTo(Parameters.Biases[layer], 0);
        }
    }

    /// <summary>A model of the given parameters.</summary>
    internal DoubleModel(ReadOnlySpan<int> layers, DoubleParameters parameters)
    {
        _layers = layers.ToArray();
        Parameters = parameters;
    }

    /// <summary>n_0 … n_L.</summary>
    internal ReadOnlySpan<int> Layers => _layers;

    /// <summary>L.</summary>
    internal int Depth => _layers.Length - 1;

    /// <summary>The parameters.</summary>
    internal DoubleParameters Parameters { get; }

    /// <summary>Forward pass, cost and deltas of one example.</summary>
    internal DoubleTrace Run(ReadOnlySpan<double> input, int target)
    {
        DoubleTrace trace = new(_layers, target);
        input.CopyTo(trace.Activations[0]);
        for (int layer = 1; layer <= Depth; layer++)
            Forward(trace, layer);
        trace.Cost = CrossEntropy(trace.Z[Depth], target);
        for (int layer = Depth; layer >= 1; layer--)
            Backward(trace, layer);
        return trace;
    }

    /// <summary>∂C/∂W^l and ∂C/∂b^l for the mean cost C of the examples.</summary>
    internal DoubleParameters Gradient(ReadOnlySpan<DoubleTrace> traces)
    {
        DoubleParameters gradient = new(_layers);
        foreach (DoubleTrace trace in traces)
        {
            for (int layer = 1; layer <= Depth; layer++)
                AddGradient(gradient, trace, layer, 1.0 / traces.Length);
        }

        return gradient;
    }

    /// <summary>The same numbers in double precision.</summary>
    internal static double[] Widen(ReadOnlySpan<float> values)
    {
        double[] result = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
            result[i] = values[i];
        return result;
    }

    /// <summary>σ(z) = 1 / (1 + e^−z).</summary>
    internal static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    /// <summary>−ln softmax(z)_target = max + ln Σ e^(z_k − max) − z_target.</summary>
    internal static double CrossEntropy(ReadOnlySpan<double> z, int target)
    {
        double maximum = Maximum(z);
        double sum = 0;
        foreach (double value in z)
            sum += Math.Exp(value - maximum);
        return Math.Log(sum) + (maximum - z[target]);
    }

    private void Forward(DoubleTrace trace, int layer)
    {
        double[] z = trace.Z[layer];
        double[] below = trace.Activations[layer - 1];
        double[] weights = Parameters.Weights[layer];
        Parameters.Biases[layer].CopyTo(z, 0);
        for (int i = 0; i < below.Length; i++)
        {
            for (int j = 0; j < z.Length; j++)
                z[j] += weights[i * z.Length + j] * below[i];
        }

        if (layer == Depth)
            Softmax(z, trace.Activations[layer]);
        else
            Array.ConvertAll(z, Sigmoid).CopyTo(trace.Activations[layer], 0);
    }

    private void Backward(DoubleTrace trace, int layer)
    {
        double[] delta = trace.Delta[layer];
        double[] activations = trace.Activations[layer];
        if (layer == Depth)
        {
            // BP1
            for (int j = 0; j < delta.Length; j++)
                delta[j] = activations[j] - (j == trace.Target ? 1 : 0);
            return;
        }

        // BP2
        double[] above = trace.Delta[layer + 1];
        double[] weights = Parameters.Weights[layer + 1];
        for (int i = 0; i < delta.Length; i++)
        {
            double sum = 0;
            for (int j = 0; j < above.Length; j++)
                sum += weights[i * above.Length + j] * above[j];
            delta[i] = sum * activations[i] * (1 - activations[i]);
        }
    }

    private static void AddGradient(DoubleParameters gradient, DoubleTrace trace, int layer, double scale)
    {
        double[] below = trace.Activations[layer - 1];
        double[] delta = trace.Delta[layer];
        for (int j = 0; j < delta.Length; j++)
        {
            // BP3
            gradient.Biases[layer][j] += scale * delta[j];
            // BP4
            for (int i = 0; i < below.Length; i++)
                gradient.Weights[layer][i * delta.Length + j] += scale * below[i] * delta[j];
        }
    }

    private static void Softmax(ReadOnlySpan<double> z, Span<double> activations)
    {
        double maximum = Maximum(z);
        double sum = 0;
        for (int j = 0; j < z.Length; j++)
            sum += activations[j] = Math.Exp(z[j] - maximum);
        for (int j = 0; j < z.Length; j++)
            activations[j] /= sum;
    }

    private static double Maximum(ReadOnlySpan<double> values)
    {
        double maximum = double.NegativeInfinity;
        foreach (double value in values)
            maximum = Math.Max(maximum, value);
        return maximum;
    }
}
