namespace Backprop.Benchmarks.Cases;

/// <summary>
/// The network in double precision, naive, with a bound on the error of a float computation carried along with every value:
/// a sum of k products is off by at most (k + 2)·ε·Σ|a||b| beside what its operands were off by.
/// </summary>
internal sealed class NetworkReference
{
    private const double Epsilon = ResultCheck.Epsilon;

    private readonly NetworkCase _problem;
    private readonly int _firstRow;
    private readonly int _rows;

    // activations of layer l, rows × n_l, and their bounds
    private readonly double[][] _activations;
    private readonly double[][] _bounds;

    /// <summary>Runs the forward pass of <paramref name="rows"/> examples from <paramref name="firstRow"/>.</summary>
    public NetworkReference(NetworkCase problem, int firstRow, int rows)
    {
        _problem = problem;
        _firstRow = firstRow;
        _rows = rows;
        _activations = [.. problem.Layers.Select(size => new double[rows * size])];
        _bounds = [.. problem.Layers.Select(size => new double[rows * size])];
        for (int i = 0; i < _activations[0].Length; i++)
            _activations[0][i] = _problem.Examples[_firstRow * _problem.Inputs + i];
        for (int layer = 1; layer <= _problem.Depth; layer++)
            Forward(layer);
    }

    public (double Value, double Bound) Output(int row, int unit) =>
        (_activations[^1][row * _problem.Outputs + unit], _bounds[^1][row * _problem.Outputs + unit]);

    /// <summary>Backward pass and update of the whole batch, compared with the case's updated parameters.</summary>
    public string? CheckStep(StepCase step)
    {
        (double[] delta, double[] deltaBound) = OutputDelta();
        int end = step.Updated.Length;
        for (int layer = _problem.Depth; layer >= 1; layer--)
        {
            end -= _problem.Layers[layer - 1] * _problem.Layers[layer] + _problem.Layers[layer];
            if (CheckLayer(step.Updated.AsSpan()[end..], layer, delta, deltaBound) is string difference)
                return difference;
            if (layer > 1)
                (delta, deltaBound) = HiddenDelta(layer, delta, deltaBound);
        }
        return null;
    }

    private void Forward(int layer)
    {
        int inputs = _problem.Layers[layer - 1], outputs = _problem.Layers[layer];
        double[] z = new double[outputs], bound = new double[outputs];
        for (int row = 0; row < _rows; row++)
        {
            for (int j = 0; j < outputs; j++)
            {
                z[j] = _problem.Biases[layer - 1][j];
                bound[j] = (inputs + 3) * Epsilon * Math.Abs(z[j]);
            }
            for (int i = 0; i < inputs; i++)
            {
                double a = _activations[layer - 1][row * inputs + i], error = _bounds[layer - 1][row * inputs + i];
                double perWeight = (inputs + 3) * Epsilon * Math.Abs(a) + error;
                ReadOnlySpan<float> weights = _problem.Weights[layer - 1].AsSpan(i * outputs, outputs);
                for (int j = 0; j < weights.Length; j++)
                {
                    z[j] += a * weights[j];
                    bound[j] += perWeight * Math.Abs(weights[j]);
                }
            }
            Span<double> a1 = _activations[layer].AsSpan(row * outputs, outputs), e1 = _bounds[layer].AsSpan(row * outputs, outputs);
            if (layer < _problem.Depth)
                Sigmoid(z, bound, a1, e1);
            else
                Softmax(z, bound, a1, e1);
        }
    }

    // |σ(z + d) − σ(z)| ≤ |d| / 4
    private static void Sigmoid(double[] z, double[] bound, Span<double> a, Span<double> error)
    {
        for (int j = 0; j < z.Length; j++)
        {
            a[j] = 1 / (1 + Math.Exp(-z[j]));
            error[j] = bound[j] / 4 + 8 * Epsilon * a[j];
        }
    }

    // shifting every z by at most d changes a probability by a factor of at most e^(2d)
    private static void Softmax(double[] z, double[] bound, Span<double> a, Span<double> error)
    {
        double maximum = z.Max(), sum = 0;
        for (int j = 0; j < z.Length; j++)
            sum += a[j] = Math.Exp(z[j] - maximum);
        double relative = Math.Exp(2 * bound.Max()) - 1 + SoftmaxReference.RelativeBound(z.Length, maximum - z.Min());
        for (int j = 0; j < z.Length; j++)
        {
            a[j] /= sum;
            error[j] = relative * a[j];
        }
    }

    // BP1
    private (double[] Delta, double[] Bound) OutputDelta()
    {
        double[] delta = (double[])_activations[^1].Clone(), bound = (double[])_bounds[^1].Clone();
        for (int row = 0; row < _rows; row++)
            delta[row * _problem.Outputs + _problem.Classes[_firstRow + row]] -= 1;
        for (int i = 0; i < delta.Length; i++)
            bound[i] += Epsilon * Math.Abs(delta[i]);
        return (delta, bound);
    }

    // BP2, for the layer below
    private (double[] Delta, double[] Bound) HiddenDelta(int layer, double[] delta, double[] deltaBound)
    {
        int inputs = _problem.Layers[layer - 1], outputs = _problem.Layers[layer];
        double[] lower = new double[_rows * inputs], lowerBound = new double[_rows * inputs];
        for (int row = 0; row < _rows; row++)
        {
            for (int i = 0; i < inputs; i++)
            {
                double sum = 0, error = 0;
                ReadOnlySpan<float> weights = _problem.Weights[layer - 1].AsSpan(i * outputs, outputs);
                for (int j = 0; j < weights.Length; j++)
                {
                    double d = delta[row * outputs + j];
                    sum += weights[j] * d;
                    error += Math.Abs(weights[j]) * (deltaBound[row * outputs + j] + (outputs + 2) * Epsilon * Math.Abs(d));
                }
                double a = _activations[layer - 1][row * inputs + i], slope = a * (1 - a);
                double slopeError = _bounds[layer - 1][row * inputs + i] + 2 * Epsilon * slope;
                lower[row * inputs + i] = sum * slope;
                lowerBound[row * inputs + i] = error * (slope + slopeError) + Math.Abs(sum) * (slopeError + 2 * Epsilon * slope);
            }
        }
        return (lower, lowerBound);
    }

    // BP4 and BP3 row by row, each followed by v ← v − η/m · gradient
    private string? CheckLayer(ReadOnlySpan<float> updated, int layer, double[] delta, double[] deltaBound)
    {
        int inputs = _problem.Layers[layer - 1], outputs = _problem.Layers[layer];
        double[] gradient = new double[outputs], bound = new double[outputs];
        for (int i = 0; i <= inputs; i++)
        {
            bool isBias = i == inputs;
            Array.Clear(gradient);
            Array.Clear(bound);
            for (int row = 0; row < _rows; row++)
            {
                (double a, double error) = isBias
                    ? (1, 0)
                    : (_activations[layer - 1][row * inputs + i], _bounds[layer - 1][row * inputs + i]);
                double perDelta = error + (_rows + 3) * Epsilon * Math.Abs(a);
                for (int j = 0; j < outputs; j++)
                {
                    double d = delta[row * outputs + j];
                    gradient[j] += a * d;
                    bound[j] += (Math.Abs(a) + error) * deltaBound[row * outputs + j] + Math.Abs(d) * perDelta;
                }
            }
            ReadOnlySpan<float> initial = isBias ? _problem.Biases[layer - 1] : _problem.Weights[layer - 1].AsSpan(i * outputs, outputs);
            string name = isBias ? $"biases of layer {layer}" : $"weights of layer {layer}";
            for (int j = 0; j < outputs; j++)
            {
                double rate = (double)StepCase.LearningRate / _rows, change = rate * gradient[j];
                // the rows may be added to the parameter one by one, each sum rounded
                double allowed = rate * bound[j] + 3 * Epsilon * Math.Abs(change) + (_rows + 3) * Epsilon * Math.Abs(initial[j]);
                int index = i * outputs + j;
                if (ResultCheck.Compare(name, index, updated[index], initial[j] - change, allowed) is string difference)
                    return difference;
            }
        }
        return null;
    }
}
