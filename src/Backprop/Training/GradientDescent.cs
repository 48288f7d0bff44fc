using Backprop.Kernels;
using Backprop.Networks;

namespace Backprop.Training;

/// <summary>
/// The update of a network's parameters after the deltas of a batch are known: W ← (1 − ηλ/n) W − η ∂C/∂W and b ← b − η ∂C/∂b, or
/// with momentum v ← μ v − η (∂C/∂w + (λ/n) w), w ← w + v, the decay left out for biases.
/// </summary>
internal sealed class GradientDescent
{
    private readonly Network _network;
    private readonly TrainingOptions _options;
    private readonly AlignedBuffer? _gradient;
    private readonly AlignedBuffer? _velocity;

    /// <summary>Starts at rest. Only momentum needs memory: a gradient and a velocity.</summary>
    internal GradientDescent(Network network, TrainingOptions options)
    {
        _network = network;
        _options = options;
        if (options.Momentum == 0)
            return;
        _gradient = new AlignedBuffer(network.Layout.Length);
        _velocity = new AlignedBuffer(network.Layout.Length);
    }

    /// <summary>Takes a step; <paramref name="trainingSetSize"/> is n.</summary>
    internal void Step(ReadOnlySpan<float> inputs, int rows, Workspace workspace, int trainingSetSize)
    {
        if (_gradient is null)
        {
            float keep = (float)(1 - (double)_options.LearningRate * _options.L2 / trainingSetSize);
            BackwardPass.AddGradient(
                _network, inputs, rows, workspace, -_options.LearningRate / rows, keep, keepBiases: 1, _network.MutableParameters);
            return;
        }

        // The padding of the gradient has been zero from the start and is not written.
        BackwardPass.AddGradient(_network, inputs, rows, workspace, 1f / rows, keepWeights: 0, keepBiases: 0, _gradient.Span);
        StepWithMomentum(_gradient.Span, _velocity!.Span, (float)((double)_options.L2 / trainingSetSize));
    }

    private void StepWithMomentum(Span<float> gradient, Span<float> velocity, float decay)
    {
        ParameterLayout layout = _network.Layout;
        Span<float> parameters = _network.MutableParameters;
        for (int layer = 1; layer <= layout.Depth; layer++)
        {
            Kernel.MomentumUpdate(
                layout.Weights(gradient, layer), _options.LearningRate, _options.Momentum, decay,
                layout.Weights(velocity, layer), layout.Weights(parameters, layer));
            Kernel.MomentumUpdate(
                layout.PaddedBiases(gradient, layer), _options.LearningRate, _options.Momentum, 0,
                layout.PaddedBiases(velocity, layer), layout.PaddedBiases(parameters, layer));
        }
    }
}
