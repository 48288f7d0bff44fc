using Backprop.Kernels;

namespace Backprop.Networks;

/// <summary>
/// Checks backpropagation on given examples. A double-precision model of the network computes the gradient by BP1–BP4 and again
/// from the cost alone, by central differences; then the gradient that <see cref="Network"/> computes in single precision is
/// compared with the double one.
/// </summary>
/// <remarks>
/// The differences are of fourth order, each with a step that changes a weighted input by at most 2⁻⁹. Their own rounding error R is
/// estimated for each parameter, and the relative error |a − n| / max(|a| + |n|, 10⁷ R): where both derivatives are so small that
/// rounding alone could pass for an error, it is measured against what the difference can resolve, so that rounding contributes at
/// most 10⁻⁷, truncation less, and a derivative that is off by more than 10 R, or by a millionth, is seen.
/// <para>The bound of the single-precision gradient is a running error analysis of every operation, with the activations and deltas
/// of the very examples: rounding of each partial sum, the error bounds of the elementwise kernels, and their propagation.</para>
/// <para>The work grows with rows × parameters × the size of the layers above: seconds up to some hundred thousand parameters. A few
/// rows are enough.</para>
/// </remarks>
public static class GradientCheck
{
    /// <summary>The relative error under which the double-precision comparison passes.</summary>
    public const double Tolerance = 1e-6;

    /// <summary>The most that the rounding error of a central difference may contribute to a relative error.</summary>
    private const double RoundingShare = 1e-7;

    /// <summary>Checks a network's gradient on a batch of examples.</summary>
    /// <param name="network">The network; it is not changed.</param>
    /// <param name="inputs">rows × n_0, finite.</param>
    /// <param name="classes">The class of each row, 0 … n_L − 1.</param>
    /// <param name="rows">The number of examples, at least 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="network"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is under 1.</exception>
    /// <exception cref="ArgumentException">A wrong length or a class that is not there.</exception>
    public static GradientCheckReport Run(Network network, ReadOnlySpan<float> inputs, ReadOnlySpan<int> classes, int rows)
    {
        ArgumentNullException.ThrowIfNull(network);
        Check.Positive(rows);
        float[] gradient = new float[network.Parameters.Length];
        network.Gradient(inputs, classes, rows, new Workspace(network, rows), gradient);
        DoubleModel model = new(network);
        DoubleTrace[] traces = Trace(model, inputs, classes);
        return Compare(model, traces, model.Gradient(traces), network.Layout, gradient);
    }

    /// <summary>The double-precision model's forward and backward pass of each row.</summary>
    internal static DoubleTrace[] Trace(DoubleModel model, ReadOnlySpan<float> inputs, ReadOnlySpan<int> classes)
    {
        DoubleTrace[] traces = new DoubleTrace[classes.Length];
        for (int row = 0; row < traces.Length; row++)
            traces[row] = model.Run(DoubleModel.Widen(inputs.Slice(row * model.Layers[0], model.Layers[0])), classes[row]);
        return traces;
    }

    /// <summary>Both comparisons, for an analytic gradient and a single-precision one that may be wrong.</summary>
    internal static GradientCheckReport Compare(
        DoubleModel model, DoubleTrace[] traces, DoubleParameters analytic, ParameterLayout layout, ReadOnlySpan<float> gradient)
    {
        (DoubleParameters numeric, DoubleParameters roundingErrors) = CentralDifferences.Compute(model, traces);
        DoubleParameters bounds = FloatErrorBound.Compute(model, traces);
        Worst byDifference = default;
        Worst byBound = default;
        for (int layer = 1; layer <= model.Depth; layer++)
        {
            int outputs = model.Layers[layer];
            for (int i = 0; i < analytic.Weights[layer].Length; i++)
            {
                Place place = new(layer, i / outputs, i % outputs);
                float value = gradient[layout.WeightIndex(layer, place.Input, place.Output)];
                byDifference.AddRelative(place, analytic.Weights[layer][i], numeric.Weights[layer][i], roundingErrors.Weights[layer][i]);
                byBound.AddBounded(place, value, analytic.Weights[layer][i], bounds.Weights[layer][i]);
            }

            for (int j = 0; j < outputs; j++)
            {
                Place place = new(layer, -1, j);
                float value = gradient[layout.BiasIndex(layer, j)];
                byDifference.AddRelative(place, analytic.Biases[layer][j], numeric.Biases[layer][j], roundingErrors.Biases[layer][j]);
                byBound.AddBounded(place, value, analytic.Biases[layer][j], bounds.Biases[layer][j]);
            }
        }

        return new GradientCheckReport(
            byDifference.Error, byDifference.Place.ToString(), byDifference.First, byDifference.Second,
            Math.Abs(byBound.First), byBound.Second, byBound.Place.ToString(), layout.ParameterCount);
    }

    /// <summary>A parameter; a bias has no input.</summary>
    private readonly record struct Place(int Layer, int Input, int Output)
    {
        public override string ToString() =>
            Input < 0 ? $"biases of layer {Layer} [{Output}]" : $"weights of layer {Layer} [{Input}, {Output}]";
    }

    /// <summary>The largest error seen so far and the two numbers it is made of.</summary>
    private struct Worst
    {
        internal double Error { get; private set; }

        internal double First { get; private set; }

        internal double Second { get; private set; }

        internal Place Place { get; private set; }

        internal void AddRelative(Place place, double analytic, double numeric, double roundingError)
        {
            double difference = Math.Abs(analytic - numeric);
            double scale = Math.Max(Math.Abs(analytic) + Math.Abs(numeric), roundingError / RoundingShare);
            double error = difference == 0 ? 0 : difference / scale;
            // A difference of unknown or infinite error (an infinite weighted input) says nothing of the derivative, whatever its value.
            Add(place, double.IsFinite(roundingError) ? error : double.NaN, analytic, numeric);
        }

        internal void AddBounded(Place place, double value, double analytic, double bound)
        {
            double difference = Math.Abs(value - analytic);
            Add(place, difference / bound, double.IsNaN(difference) ? double.PositiveInfinity : difference, bound);
        }

        private void Add(Place place, double error, double first, double second)
        {
            // What cannot be compared is the worst there is.
            if (double.IsNaN(error))
                error = double.PositiveInfinity;
            if (Place.Layer != 0 && error <= Error)
                return;
            (Error, First, Second, Place) = (error, first, second, place);
        }
    }
}
