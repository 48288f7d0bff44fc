using System.Numerics.Tensors;
using Backprop.Benchmarks.Cases;
using static Backprop.Benchmarks.Cases.UpdateCase;

namespace Backprop.Benchmarks.Composed;

/// <summary>Optimisers of one call an operation; two arrays hold what passes between the calls.</summary>
internal sealed class ComposedUpdate(UpdateCase problem)
{
    private readonly Operand _pull = new(problem.Gradient.Length), _scratch = new(problem.Gradient.Length);
    private readonly Operand _mean = problem.Mean, _square = problem.Square, _parameters = problem.Parameters;

    public void GradientDescent()
    {
        AddDecay();
        TensorPrimitives.MultiplyAdd(_pull, -LearningRate, _parameters, _parameters);
    }

    public void WithMomentum()
    {
        AddDecay();
        TensorPrimitives.Multiply(_mean, Momentum, _mean);
        TensorPrimitives.MultiplyAdd(_pull, -LearningRate, _mean, _mean);
        TensorPrimitives.Add(_parameters, _mean, _parameters);
    }

    public void Nesterov()
    {
        AddDecay();
        TensorPrimitives.Multiply(_pull, -LearningRate, _pull);
        TensorPrimitives.MultiplyAdd(_mean, Momentum, _pull, _mean);
        TensorPrimitives.MultiplyAdd(_mean, Momentum, _pull, _pull);
        TensorPrimitives.Add(_parameters, _pull, _parameters);
    }

    public void RmsProp()
    {
        AddDecay();
        AverageSquare(_pull);
        TensorPrimitives.Sqrt<float>(_square, _scratch);
        StepBy(_pull, -LearningRate);
    }

    public void Adam()
    {
        AddDecay();
        AdamStep(_pull);
    }

    public void AdamW()
    {
        TensorPrimitives.Multiply(_parameters, 1 - LearningRate * Decay, _parameters);
        AdamStep(problem.Gradient);
    }

    private void AddDecay() => TensorPrimitives.MultiplyAdd(_parameters, Decay, problem.Gradient, _pull);

    private void AdamStep(ReadOnlySpan<float> pull)
    {
        TensorPrimitives.Multiply(_mean, Beta1, _mean);
        TensorPrimitives.MultiplyAdd(pull, 1 - Beta1, _mean, _mean);
        AverageSquare(pull);
        TensorPrimitives.Multiply(_square, (float)(1 / Correction2), _scratch);
        TensorPrimitives.Sqrt<float>(_scratch, _scratch);
        StepBy(_mean, (float)(-LearningRate / Correction1));
    }

    private void AverageSquare(ReadOnlySpan<float> pull)
    {
        TensorPrimitives.Multiply(_square, Beta2, _square);
        TensorPrimitives.Multiply(pull, pull, _scratch);
        TensorPrimitives.MultiplyAdd(_scratch, 1 - Beta2, _square, _square);
    }

    // the scratch has the root
    private void StepBy(ReadOnlySpan<float> numerator, float rate)
    {
        TensorPrimitives.Add(_scratch, Tiny, _scratch);
        TensorPrimitives.Divide(numerator, _scratch, _scratch);
        TensorPrimitives.MultiplyAdd(_scratch, rate, _parameters, _parameters);
    }
}
