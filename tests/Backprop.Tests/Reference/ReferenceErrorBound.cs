namespace Backprop.Tests.Reference;

/// <summary>
/// What single precision may cost, by the standard model fl(x op y) = (x op y)(1 + d), |d| ≤ u = 2⁻²⁴, whatever the order of a sum:
/// n roundings of a sum of terms t cost γ_n Σ|t| with γ_n = n·u/(1 − n·u) (Higham 2002, §3.1). Elementwise functions: sigmoid within
/// 2 ULP, so 4u, and exp within 2 ULP.
/// </summary>
internal static class ReferenceErrorBound
{
    private const double U = 1.0 / (1 << 24);

    /// <summary>For results below the normal floats, whose digits are lost.</summary>
    private const double Underflow = 1.2e-38;

    /// <summary>By layer, |a^l − float a^l| at most, for one example.</summary>
    public static double[][] Activations(ReferenceNetwork network, double[] input)
    {
        (double[][] z, double[][] activations) = network.Forward(input);
        double[][] errors = new double[network.Layers.Length][];
        errors[0] = new double[input.Length];
        for (int layer = 1; layer <= network.Depth; layer++)
        {
            double[] zErrors = ZErrors(network, layer, activations[layer - 1], errors[layer - 1]);
            errors[layer] = layer == network.Depth
                ? SoftmaxErrors(z[layer], zErrors, activations[layer])
                // |σ'| ≤ 1/4
                : activations[layer].Zip(zErrors, (a, e) => e / 4 + 4 * U * (a + e / 4) + Underflow).ToArray();
        }

        return errors;
    }

    /// <summary>|∂C − float ∂C| at most, and the mean over the examples of |a||δ|, what the last sum adds up.</summary>
    public static (ReferenceParameters Errors, ReferenceParameters Magnitudes) Gradient(
        ReferenceNetwork network, double[][] inputs, double[][] targets)
    {
        ReferenceParameters errors = new(network.Layers);
        ReferenceParameters magnitudes = new(network.Layers);
        for (int row = 0; row < inputs.Length; row++)
        {
            double[][] activations = network.Forward(inputs[row]).Activations;
            double[][] delta = network.Deltas(activations, targets[row]);
            double[][] activationErrors = Activations(network, inputs[row]);
            double[][] deltaErrors = DeltaErrors(network, activations, activationErrors, delta);
            for (int layer = 1; layer <= network.Depth; layer++)
            {
                for (int j = 0; j < network.Layers[layer]; j++)
                {
                    (double, double) output = (delta[layer][j], deltaErrors[layer][j]);
                    Add(ref errors.Biases[layer][j], ref magnitudes.Biases[layer][j], (1, 0), output, inputs.Length);
                    for (int i = 0; i < network.Layers[layer - 1]; i++)
                    {
                        (double, double) input = (activations[layer - 1][i], activationErrors[layer - 1][i]);
                        Add(ref errors.Weights[layer][i, j], ref magnitudes.Weights[layer][i, j], input, output, inputs.Length);
                    }
                }
            }
        }

        return (errors, magnitudes);
    }

    /// <summary>
    /// After one step of descent: η times the error of the gradient, and for the chain that adds m terms to what is kept of the
    /// parameter, m + 4 roundings of |w| + η·mean|a||δ| (the decay factor, its product, the scale η/m, its product, m sums).
    /// </summary>
    public static ReferenceParameters Step(
        ReferenceNetwork before, double[][] inputs, double[][] targets, double learningRate)
    {
        (ReferenceParameters errors, ReferenceParameters magnitudes) = Gradient(before, inputs, targets);
        double rounding = Gamma(inputs.Length + 4);
        for (int layer = 1; layer <= before.Depth; layer++)
        {
            for (int j = 0; j < before.Layers[layer]; j++)
            {
                errors.Biases[layer][j] = learningRate * errors.Biases[layer][j]
                    + rounding * (Math.Abs(before.Parameters.Biases[layer][j]) + learningRate * magnitudes.Biases[layer][j]);
                for (int i = 0; i < before.Layers[layer - 1]; i++)
                {
                    errors.Weights[layer][i, j] = learningRate * errors.Weights[layer][i, j]
                        + rounding * (Math.Abs(before.Parameters.Weights[layer][i, j]) + learningRate * magnitudes.Weights[layer][i, j]);
                }
            }
        }

        return errors;
    }

    private static double Gamma(int roundings) => roundings * U / (1 - roundings * U);

    /// <summary>z = Σ w a + b: n products and sums.</summary>
    private static double[] ZErrors(ReferenceNetwork network, int layer, double[] below, double[] belowErrors)
    {
        double[] errors = new double[network.Layers[layer]];
        for (int j = 0; j < errors.Length; j++)
        {
            double magnitude = Math.Abs(network.Parameters.Biases[layer][j]);
            for (int i = 0; i < below.Length; i++)
            {
                double weight = Math.Abs(network.Parameters.Weights[layer][i, j]);
                magnitude += weight * (Math.Abs(below[i]) + belowErrors[i]);
                errors[j] += weight * belowErrors[i];
            }

            errors[j] += Gamma(below.Length + 1) * magnitude + Underflow;
        }

        return errors;
    }

    /// <summary>
    /// If no argument of softmax moves by more than e, the result moves by a factor within e^±2e. Rounding moves an argument by
    /// u·spread in z − max and by 4u in exp; n sums and one division add n + 1 roundings.
    /// </summary>
    private static double[] SoftmaxErrors(double[] z, double[] zErrors, double[] activations)
    {
        double moved = zErrors.Max();
        moved += U * (z.Max() - z.Min() + 2 * moved + 4);
        double factor = Math.Exp(2 * moved + Gamma(z.Length + 1)) - 1;
        return Array.ConvertAll(activations, a => a * factor + Underflow);
    }

    private static double[][] DeltaErrors(ReferenceNetwork network, double[][] activations, double[][] activationErrors, double[][] delta)
    {
        double[][] errors = new double[network.Layers.Length][];
        errors[network.Depth] = delta[network.Depth].Zip(activationErrors[network.Depth], (d, e) => e + U * (Math.Abs(d) + e)).ToArray();
        for (int layer = network.Depth - 1; layer >= 1; layer--)
        {
            errors[layer] = new double[network.Layers[layer]];
            for (int i = 0; i < errors[layer].Length; i++)
                errors[layer][i] = HiddenDeltaError(network, layer, i, activations[layer][i], activationErrors[layer][i], delta, errors);
        }

        return errors;
    }

    /// <summary>δ = (Σ w δ) · (a · (1 − a)): the sum's error, that of a(1 − a), whose slope is |1 − 2a| ≤ 1, and three roundings.</summary>
    private static double HiddenDeltaError(
        ReferenceNetwork network, int layer, int unit, double activation, double activationError, double[][] delta, double[][] errors)
    {
        double sum = 0;
        double error = 0;
        for (int j = 0; j < network.Layers[layer + 1]; j++)
        {
            double weight = Math.Abs(network.Parameters.Weights[layer + 1][unit, j]);
            sum += weight * (Math.Abs(delta[layer + 1][j]) + errors[layer + 1][j]);
            error += weight * errors[layer + 1][j];
        }

        error += Gamma(network.Layers[layer + 1]) * sum;
        double slope = activation * (1 - activation);
        double slopeError = activationError + activationError * activationError;
        return error * slope + sum * slopeError + error * slopeError + Gamma(3) * (sum + error) * (slope + slopeError) + Underflow;
    }

    private static void Add(
        ref double error, ref double magnitude, (double Value, double Error) activation, (double Value, double Error) delta, int rows)
    {
        double product = (Math.Abs(activation.Value) + activation.Error) * (Math.Abs(delta.Value) + delta.Error);
        error += (product - Math.Abs(activation.Value * delta.Value) + Gamma(rows + 2) * product) / rows + Underflow;
        magnitude += product / rows;
    }
}
