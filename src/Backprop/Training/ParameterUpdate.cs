using System.Numerics.Tensors;
using Backprop.Kernels;
using Backprop.Networks;

namespace Backprop.Training;

/// <summary>
/// The update of a network's parameters after the deltas of a batch are known, by the <see cref="Optimizer"/> of the options, with what
/// the optimiser remembers from step to step.
/// </summary>
internal sealed class ParameterUpdate
{
    private readonly Network _network;
    private readonly TrainingOptions _options;
    private readonly AlignedBuffer? _gradient;
    private readonly AlignedBuffer? _first;
    private readonly AlignedBuffer? _second;

    // β₁ᵗ and β₂ᵗ, multiplied up: a power function may differ between platforms.
    private double _power1 = 1;
    private double _power2 = 1;

    /// <summary>Starts at rest. Plain gradient descent needs no memory; the others need a gradient and one or two blocks of state.</summary>
    internal ParameterUpdate(Network network, TrainingOptions options)
    {
        _network = network;
        _options = options;
        int states = CountStates(options);
        int length = network.Layout.Length;
        if (states > 0 || options.MaximumGradientNorm is not null)
            _gradient = new AlignedBuffer(length);
        if (states > 0)
            _first = new AlignedBuffer(length);
        if (states > 1)
            _second = new AlignedBuffer(length);
    }

    /// <summary>How many steps have been taken with a memory: t of Adam's corrections.</summary>
    internal int Steps { get; private set; }

    /// <summary>What the optimiser remembers, by name, in the layout of the parameters.</summary>
    internal IEnumerable<(string Name, AlignedBuffer Block)> States
    {
        get
        {
            (string first, string second) = _options.Optimizer switch
            {
                Optimizer.GradientDescent or Optimizer.Nesterov => ("velocity", ""),
                Optimizer.RmsProp => ("square", ""),
                _ => ("mean", "square"),
            };
            if (_first is not null)
                yield return (first, _first);
            if (_second is not null)
                yield return (second, _second);
        }
    }

    /// <summary>Goes to where so many steps have been taken; <see cref="States"/> are for the caller to fill.</summary>
    internal void GoTo(int steps)
    {
        (Steps, _power1, _power2) = (0, 1, 1);
        while (Steps < steps)
            CountStep();
    }

    /// <summary>
    /// Takes a step along the sum of the batch's gradients divided by <paramref name="weight"/>, the number of its rows or the sum of their
    /// weights; <paramref name="trainingSetSize"/> is n.
    /// </summary>
    internal void Step(
        ReadOnlySpan<float> inputs, int rows, Workspace workspace, float weight, float learningRate, int trainingSetSize)
    {
        if (_gradient is null)
        {
            float keep = (float)(1 - (double)learningRate * _options.L2 / trainingSetSize);
            AddGradient(inputs, rows, workspace, -learningRate / weight, keep, keepBiases: 1, _network.MutableParameters);
            return;
        }

        // The padding of the gradient has been zero from the start and is not written.
        AddGradient(inputs, rows, workspace, 1 / weight, keepWeights: 0, keepBiases: 0, _gradient.Span);
        ClipGradient(_gradient.Span);
        CountStep();
        float l2 = (float)((double)_options.L2 / trainingSetSize);
        ParameterLayout layout = _network.Layout;
        for (int layer = 1; layer <= layout.Depth; layer++)
        {
            Update(
                layout.Weights(_gradient.Span, layer), learningRate, l2, _options.WeightDecay,
                Weights(_first, layer), Weights(_second, layer), layout.Weights(_network.MutableParameters, layer));
            Update(
                layout.PaddedBiases(_gradient.Span, layer), learningRate, l2: 0, weightDecay: 0,
                Biases(_first, layer), Biases(_second, layer), layout.PaddedBiases(_network.MutableParameters, layer));
        }
    }

    private void AddGradient(
        ReadOnlySpan<float> inputs, int rows, Workspace workspace, float scale, float keepWeights, float keepBiases, Span<float> block) =>
        BackwardPass.AddGradient(
            _network, inputs, rows, workspace,
            new GradientTarget { Block = block, Scale = scale, KeepWeights = keepWeights, KeepBiases = keepBiases });

    private static int CountStates(TrainingOptions options) => options.Optimizer switch
    {
        Optimizer.GradientDescent => options.Momentum > 0 ? 1 : 0,
        Optimizer.Nesterov or Optimizer.RmsProp => 1,
        _ => 2,
    };

    private void CountStep()
    {
        _power1 *= _options.Beta1;
        _power2 *= _options.Beta2;
        Steps++;
    }

    private void ClipGradient(Span<float> gradient)
    {
        if (_options.MaximumGradientNorm is not { } maximum)
            return;
        float norm = Kernel.Norm(gradient);
        if (norm > maximum)
            TensorPrimitives.Multiply(gradient, (float)((double)maximum / norm), gradient);
    }

    private void Update(
        Span<float> gradient, float rate, float l2, float weightDecay, Span<float> first, Span<float> second, Span<float> parameters)
    {
        TrainingOptions o = _options;
        switch (o.Optimizer)
        {
            case Optimizer.GradientDescent when first.IsEmpty:
                Kernel.GradientDescentUpdate(gradient, rate, l2, parameters, o.Threads);
                break;
            case Optimizer.GradientDescent:
                Kernel.MomentumUpdate(gradient, rate, o.Momentum, l2, first, parameters, o.Threads);
                break;
            case Optimizer.Nesterov:
                Kernel.NesterovUpdate(gradient, rate, o.Momentum, l2, first, parameters, o.Threads);
                break;
            case Optimizer.RmsProp:
                Kernel.RmsPropUpdate(gradient, rate, o.Rho, o.Epsilon, l2, first, parameters, o.Threads);
                break;
            case Optimizer.Adam:
                Kernel.AdamUpdate(
                    gradient, rate, o.Beta1, o.Beta2, o.Epsilon, l2, 1 - _power1, 1 - _power2, first, second, parameters, o.Threads);
                break;
            default:
                Kernel.AdamWUpdate(
                    gradient, rate, o.Beta1, o.Beta2, o.Epsilon, weightDecay, 1 - _power1, 1 - _power2, first, second, parameters, o.Threads);
                break;
        }
    }

    private Span<float> Weights(AlignedBuffer? block, int layer) => block is null ? default : _network.Layout.Weights(block.Span, layer);

    private Span<float> Biases(AlignedBuffer? block, int layer) =>
        block is null ? default : _network.Layout.PaddedBiases(block.Span, layer);
}
