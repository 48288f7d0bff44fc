using System.Numerics.Tensors;
using Backprop.Kernels;
using Backprop.Networks;

namespace Backprop.Training;

/// <summary>
/// The cost of a batch of class indices with class weights w and label smoothing ε, over K classes, as PyTorch's cross_entropy has it:
/// C = Σ_rows [(1 − ε) w_y (−ln a_y) + (ε/K) Σ_c w_c (−ln a_c)] / Σ_rows w_y, y being the row's class.
/// </summary>
/// <remarks>
/// A row is s times the cross-entropy with a target row t that sums to 1: s = (1 − ε) w_y + (ε/K) Σ_c w_c and t_c = (ε/K) w_c / s, and
/// (1 − ε) w_y / s more for c = y. So BP1 is δ = s (a − t). Rows go through the output kernel one by one: slower than a batch without weights
/// and smoothing, which never comes here. Source of smoothing: C. Szegedy et al., "Rethinking the Inception architecture for computer
/// vision", CVPR 2016.
/// </remarks>
internal sealed class ClassCost
{
    private readonly float[]? _weights;
    private readonly double _kept;
    private readonly float[]? _spread;
    private readonly double _spreadSum;
    private readonly float[] _targets;

    private ClassCost(TrainingOptions options, int classes)
    {
        _weights = options.ClassWeights is null ? null : [.. options.ClassWeights];
        _kept = 1 - (double)options.LabelSmoothing;
        _targets = new float[classes];
        if (options.LabelSmoothing == 0)
            return;
        _spread = new float[classes];
        for (int c = 0; c < classes; c++)
        {
            _spread[c] = (float)(options.LabelSmoothing / (double)classes * WeightOf(c));
            _spreadSum += _spread[c];
        }
    }

    /// <summary>The cost that the options ask for; null where it is the plain mean cross-entropy.</summary>
    internal static ClassCost? Create(TrainingOptions options, int classes) =>
        options.ClassWeights is null && options.LabelSmoothing == 0 ? null : new ClassCost(options, classes);

    /// <summary>Forward pass, cost and deltas, left in the workspace: their products are the gradient times the sum of weights.</summary>
    internal (float Cost, float Weight) ComputeDeltas(
        Network network, ReadOnlySpan<float> inputs, ReadOnlySpan<int> classes, int rows, Workspace workspace)
    {
        Check.Classes(classes, rows, network.OutputSize);
        Span<float> z = ForwardPass.ComputeOutputZ(network, inputs, rows, workspace);
        Span<float> delta = workspace.Delta(network.Depth, rows);
        double cost = 0;
        double weight = 0;
        int columns = network.OutputSize;
        for (int row = 0; row < rows; row++)
        {
            int start = row * columns;
            cost += ComputeRow(z.Slice(start, columns), classes.Slice(row, 1), delta.Slice(start, columns));
            weight += WeightOf(classes[row]);
        }

        BackwardPass.PropagateDeltas(network, rows, workspace);
        return ((float)(cost / weight), (float)weight);
    }

    private double ComputeRow(Span<float> z, ReadOnlySpan<int> hot, Span<float> delta)
    {
        float weight = WeightOf(hot[0]);
        if (_spread is null)
        {
            float plain = Kernel.SoftmaxCrossEntropy(z, hot, 1, z.Length, z, delta);
            TensorPrimitives.Multiply(delta, weight, delta);
            return (double)weight * plain;
        }

        double scale = _kept * weight + _spreadSum;
        TensorPrimitives.Multiply(_spread, (float)(1 / scale), _targets);
        _targets[hot[0]] += (float)(_kept * weight / scale);
        float cost = Kernel.SoftmaxCrossEntropy(z, _targets, 1, z.Length, z, delta);
        TensorPrimitives.Multiply(delta, (float)scale, delta);
        return scale * cost;
    }

    private float WeightOf(int index) => _weights is null ? 1 : _weights[index];
}
