namespace Backprop.Networks;

/// <summary>
/// The gradient of a <see cref="DoubleModel"/> from its cost alone, by the central difference of fourth order
/// f'(x) = (8 (f(x+h) − f(x−h)) − (f(x+2h) − f(x−2h))) / 12h − h⁴ f⁽⁵⁾/30 … (Abramowitz and Stegun, 25.3.6).
/// </summary>
/// <remarks>
/// A change of w^l_ij by h changes, in each example, one weighted input, z^l_j, by h·a_i; what follows is computed forward from
/// there as changes to the values known for the unchanged network. That is what makes it affordable (a parameter costs a sum over
/// the layers above, not over the whole network) and exact (the rounding of the long sums below drops out).
/// <para>The step h is <see cref="Step"/> / max a_i over the examples, so that z changes by at most 2·Step whatever the scale of the
/// inputs: the truncation, Step⁴/30 = 3·10⁻¹⁴ times a fifth derivative, then stays far below 10⁻⁶ of the first one. The rounding
/// error of the quotient, 18/12 · (error of the cost) / h, is estimated beside it; Step balances the two (ε^(1/5) ≈ 6·10⁻⁴).</para>
/// </remarks>
internal sealed class CentralDifferences
{
    private const double Step = 1.0 / 1024;
    private const double UnitRoundoff = 1.0 / (1L << 53);

    private readonly DoubleModel _model;
    private readonly DoubleTrace[] _traces;
    private readonly double[][] _z;
    private readonly double _costError;

    private CentralDifferences(DoubleModel model, DoubleTrace[] traces)
    {
        _model = model;
        _traces = traces;
        _z = Array.ConvertAll(model.Layers.ToArray(), size => new double[size]);
        foreach (DoubleTrace trace in traces)
            _costError += CostError(trace) / traces.Length;
    }

    /// <summary>The gradient, and for each of its elements the rounding error that can be in it.</summary>
    internal static (DoubleParameters Gradient, DoubleParameters RoundingErrors) Compute(DoubleModel model, DoubleTrace[] traces)
    {
        CentralDifferences differences = new(model, traces);
        DoubleParameters gradient = new(model.Layers);
        DoubleParameters errors = new(model.Layers);
        double[] sources = new double[traces.Length];
        for (int layer = 1; layer <= model.Depth; layer++)
        {
            int outputs = model.Layers[layer];
            for (int i = 0; i < model.Layers[layer - 1]; i++)
            {
                for (int example = 0; example < traces.Length; example++)
                    sources[example] = traces[example].Activations[layer - 1][i];
                Range row = (i * outputs)..((i + 1) * outputs);
                differences.Fill(layer, sources, gradient.Weights[layer].AsSpan(row), errors.Weights[layer].AsSpan(row));
            }

            // A bias is a weight from a unit that is always 1.
            Array.Fill(sources, 1);
            differences.Fill(layer, sources, gradient.Biases[layer], errors.Biases[layer]);
        }

        return (gradient, errors);
    }

    /// <summary>The derivatives by the parameters that lead from one source, given its activation in each example, to a layer.</summary>
    private void Fill(int layer, ReadOnlySpan<double> sources, Span<double> derivatives, Span<double> errors)
    {
        double largest = 0;
        foreach (double source in sources)
            largest = Math.Max(largest, Math.Abs(source));
        if (largest == 0)
            return;
        for (int j = 0; j < derivatives.Length; j++)
        {
            double sum = 0;
            for (int row = 0; row < sources.Length; row++)
                sum += Difference(_traces[row], layer, j, Step * (sources[row] / largest));
            derivatives[j] = sum / sources.Length * (largest / Step);
        }

        errors.Fill(18.0 / 12 * _costError * (largest / Step));
    }

    private double Difference(DoubleTrace trace, int layer, int unit, double change)
    {
        if (change == 0)
            return 0;
        double near = Cost(trace, layer, unit, change) - Cost(trace, layer, unit, -change);
        double far = Cost(trace, layer, unit, 2 * change) - Cost(trace, layer, unit, -2 * change);
        return (8 * near - far) / 12;
    }

    /// <summary>The cost of one example after z of one unit has changed.</summary>
    private double Cost(DoubleTrace trace, int layer, int unit, double change)
    {
        trace.Z[layer].CopyTo(_z[layer], 0);
        _z[layer][unit] += change;
        for (; layer < _model.Depth; layer++)
        {
            trace.Z[layer + 1].CopyTo(_z[layer + 1], 0);
            for (int i = 0; i < _z[layer].Length; i++)
            {
                if (_z[layer][i] != trace.Z[layer][i])
                    AddChange(layer + 1, i, DoubleModel.Sigmoid(_z[layer][i]) - trace.Activations[layer][i]);
            }
        }

        return DoubleModel.CrossEntropy(_z[layer], trace.Target);
    }

    private void AddChange(int layer, int input, double activationChange)
    {
        double[] z = _z[layer];
        ReadOnlySpan<double> weights = _model.Parameters.Weights[layer].AsSpan(input * z.Length, z.Length);
        for (int j = 0; j < z.Length; j++)
            z[j] += activationChange * weights[j];
    }

    /// <summary>
    /// How far rounding can move the cost of one example, to first order: a z is off by its last addition and by the errors of the
    /// changes added (4 roundings of each σ; their own sum, of terms under Step), the cost by twice the worst z and the roundings of
    /// ln Σ exp.
    /// </summary>
    private double CostError(DoubleTrace trace)
    {
        double[] error = new double[_model.Layers[0]];
        for (int layer = 1; layer <= _model.Depth; layer++)
        {
            double[] next = new double[_model.Layers[layer]];
            for (int j = 0; j < next.Length; j++)
            {
                next[j] = 2 * UnitRoundoff * Math.Abs(trace.Z[layer][j]);
                for (int i = 0; layer > 1 && i < error.Length; i++)
                {
                    double activationError = error[i] / 4 + UnitRoundoff * (4 * trace.Activations[layer - 1][i] + error.Length * Step);
                    next[j] += Math.Abs(_model.Parameters.Weights[layer][i * next.Length + j]) * activationError;
                }
            }

            error = next;
        }

        double largest = trace.Z[_model.Depth].Max(Math.Abs);
        return 2 * error.Max() + UnitRoundoff * ((error.Length + 6) * (1 + trace.Cost) + largest);
    }
}
