namespace Backprop.Networks;

/// <summary>
/// How far the single-precision gradient of a network can be from the exact one: a running error analysis (Higham, Accuracy and
/// Stability of Numerical Algorithms, §3.3) of every operation of the forward and the backward pass, on the values the
/// double-precision model found. u = 2⁻²⁴ is the unit roundoff.
/// </summary>
internal sealed class FloatErrorBound
{
    private const double UnitRoundoff = 1.0 / (1 << 24);

    /// <summary>Relative errors of the kernels in units of u: a bound of 2 ULP and one of 1 ULP, an ULP being up to 2u.</summary>
    private const double SigmoidError = 4, ExpError = 2;

    /// <summary>Half the maximum of |σ''|, 1/(12√3), rounded up.</summary>
    private const double HalfSigmoidCurvature = 0.0482;

    /// <summary>What underflow can cost an element: results under the least normal float need not keep any digits.</summary>
    private const double Underflow = 1.1754943508222875e-38;

    private readonly DoubleModel _model;
    private readonly double[][] _activationErrors;
    private readonly double[][] _deltaErrors;

    private FloatErrorBound(DoubleModel model)
    {
        _model = model;
        _activationErrors = Array.ConvertAll(model.Layers.ToArray(), size => new double[size]);
        _deltaErrors = Array.ConvertAll(model.Layers.ToArray(), size => new double[size]);
    }

    /// <summary>For each parameter a bound of |float gradient − gradient|.</summary>
    internal static DoubleParameters Compute(DoubleModel model, ReadOnlySpan<DoubleTrace> traces)
    {
        FloatErrorBound bound = new(model);
        DoubleParameters result = new(model.Layers);
        foreach (DoubleTrace trace in traces)
        {
            for (int layer = 1; layer < model.Depth; layer++)
                bound.BoundHidden(trace, layer);
            bound.BoundOutput(trace);
            for (int layer = model.Depth - 1; layer >= 1; layer--)
                bound.BoundDelta(trace, layer);
            for (int layer = 1; layer <= model.Depth; layer++)
                bound.AddProducts(result, trace, layer, traces.Length);
        }

        return result;
    }

    /// <summary>γ_k = k·u / (1 − k·u), the relative error of k roundings.</summary>
    private static double Gamma(double roundings) => roundings * UnitRoundoff / (1 - roundings * UnitRoundoff);

    /// <summary>
    /// A weighted input is one chain of fused multiply-adds in ascending order, so each partial sum is rounded once: the error is
    /// u·Σ|partial sums|, and what the errors of the activations below contribute. A product with zero rounds nothing.
    /// </summary>
    private double BoundZ(DoubleTrace trace, int layer, int unit)
    {
        bool output = layer == _model.Depth;
        int outputs = _model.Layers[layer];
        double bias = _model.Parameters.Biases[layer][unit];
        double[] below = trace.Activations[layer - 1];
        double[] belowErrors = _activationErrors[layer - 1];
        double[] weights = _model.Parameters.Weights[layer];
        double sum = output ? bias : 0;
        double error = 0;
        for (int i = 0; i < below.Length; i++)
        {
            double weight = weights[i * outputs + unit];
            if (weight == 0 || (below[i] == 0 && belowErrors[i] == 0))
                continue;
            sum += weight * below[i];
            error += Math.Abs(weight) * belowErrors[i];
            error += UnitRoundoff * (Math.Abs(sum) + error) + Underflow;
        }

        // The bias of a hidden layer is added last, that of the output layer is where the chain starts.
        return output ? error : error + UnitRoundoff * (Math.Abs(sum + bias) + error);
    }

    private void BoundHidden(DoubleTrace trace, int layer)
    {
        for (int j = 0; j < _activationErrors[layer].Length; j++)
        {
            double error = BoundZ(trace, layer, j);
            double activation = trace.Activations[layer][j];
            // Taylor near the point, the Lipschitz constant 1/4 far from it.
            double moved = Math.Min(error / 4, activation * (1 - activation) * error + HalfSigmoidCurvature * error * error);
            _activationErrors[layer][j] = moved + SigmoidError * UnitRoundoff * (activation + moved) + Underflow;
        }
    }

    /// <summary>
    /// Softmax moves with its argument by a factor within e^±(e_j + max e): e_j for the numerator, at most the largest for the sum.
    /// The subtraction of the maximum and exp add to e_j; the sum of n terms and the division add n + 1 roundings; BP1 one more.
    /// </summary>
    private void BoundOutput(DoubleTrace trace)
    {
        int layer = _model.Depth;
        double[] z = trace.Z[layer];
        double[] errors = new double[z.Length];
        double maximum = z.Max();
        for (int j = 0; j < z.Length; j++)
        {
            double error = BoundZ(trace, layer, j);
            errors[j] = error + UnitRoundoff * (maximum - z[j] + 2 * error + ExpError);
        }

        double largest = errors.Max();
        for (int j = 0; j < z.Length; j++)
        {
            double factor = Math.Exp(errors[j] + largest + Gamma(z.Length + 1)) - 1;
            double error = trace.Activations[layer][j] * factor;
            _deltaErrors[layer][j] = error + UnitRoundoff * (Math.Abs(trace.Delta[layer][j]) + error) + Underflow;
        }
    }

    /// <summary>
    /// BP2: a product over the n_{l+1} deltas above in any order, γ_n Σ|terms|, and three roundings for u·(a·(1 − a)).
    /// </summary>
    private void BoundDelta(DoubleTrace trace, int layer)
    {
        double[] above = trace.Delta[layer + 1];
        for (int i = 0; i < _deltaErrors[layer].Length; i++)
        {
            double sum = 0;
            double magnitude = 0;
            double error = 0;
            for (int j = 0; j < above.Length; j++)
            {
                double weight = _model.Parameters.Weights[layer + 1][i * above.Length + j];
                sum += weight * above[j];
                magnitude += Math.Abs(weight) * (Math.Abs(above[j]) + _deltaErrors[layer + 1][j]);
                error += Math.Abs(weight) * _deltaErrors[layer + 1][j];
            }

            error += Gamma(above.Length) * magnitude + above.Length * Underflow;
            double activation = trace.Activations[layer][i];
            double activationError = _activationErrors[layer][i];
            double slope = activation * (1 - activation);
            double slopeError = Math.Abs(1 - 2 * activation) * activationError + activationError * activationError;
            double product = (Math.Abs(sum) + error) * (slope + slopeError);
            _deltaErrors[layer][i] = product - Math.Abs(sum) * slope + Gamma(3) * product + Underflow;
        }
    }

    /// <summary>
    /// BP3 and BP4: the mean over m rows, in any order, of activations times deltas that are both off: |âδ̂ − aδ| and m + 2
    /// roundings, two of them for 1/m and its product with the activation.
    /// </summary>
    private void AddProducts(DoubleParameters bound, DoubleTrace trace, int layer, int rows)
    {
        double[] below = trace.Activations[layer - 1];
        double[] delta = trace.Delta[layer];
        double rounding = Gamma(rows + 2);
        for (int j = 0; j < delta.Length; j++)
        {
            double deltaError = _deltaErrors[layer][j];
            double deltaMagnitude = Math.Abs(delta[j]) + deltaError;
            bound.Biases[layer][j] += (deltaError + rounding * deltaMagnitude) / rows + Underflow;
            for (int i = 0; i < below.Length; i++)
            {
                double activation = Math.Abs(below[i]);
                double product = (activation + _activationErrors[layer - 1][i]) * deltaMagnitude;
                double error = product - activation * Math.Abs(delta[j]);
                bound.Weights[layer][i * delta.Length + j] += (error + rounding * product) / rows + Underflow;
            }
        }
    }
}
