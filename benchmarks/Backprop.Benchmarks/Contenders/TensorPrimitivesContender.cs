using System.Numerics.Tensors;
using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Composed;

namespace Backprop.Benchmarks.Contenders;

/// <summary>
/// What can be composed of <see cref="TensorPrimitives"/> calls. A training step is not: it would be a program of its own.
/// </summary>
internal sealed class TensorPrimitivesContender : IContender
{
    public string Name => "tensorprimitives";

    public string? Unavailable => null;

    public BoundCall? Bind(KernelCase problem, int threads) => problem switch
    {
        GemmCase c => BindGemm(c),
        GemvCase { Transpose: false } c => new(() => ComposedGemv.Multiply(c.N, c.A, c.X, c.Y)),
        GemvCase c => new(() => ComposedGemv.MultiplyTransposed(c.N, c.A, c.X, c.Y)),
        GerCase c => new(() => ComposedGer.Update(GerCase.Alpha, c.X, c.Y, c.A)),
        ExpCase c => new(() => TensorPrimitives.Exp<float>(c.X, c.Destination)),
        LogCase c => new(() => TensorPrimitives.Log<float>(c.X, c.Destination)),
        SigmoidCase c => new(() => TensorPrimitives.Sigmoid<float>(c.X, c.Destination)),
        BiasSigmoidCase c => new(() => ComposedBiasSigmoid.Apply(c.Rows, c.Z, c.Bias, c.Destination)),
        SoftmaxCase c => new(() => ComposedSoftmax.Apply(c.Rows, c.Columns, c.Z, c.Destination)),
        CrossEntropyCase c => new(() =>
            c.Cost = ComposedSoftmaxCrossEntropy.Apply(c.Rows, c.Columns, c.Z, c.Classes, c.Destination, c.Delta)),
        SigmoidDerivativeCase c => new(() => ComposedSigmoidDerivative.Apply(c.X, c.Destination)),
        MultiplySigmoidDerivativeCase c => new(() => ComposedSigmoidDerivative.Multiply(c.Upstream, c.Activations, c.Destination)),
        NormCase c => new(() => c.Norm = TensorPrimitives.Norm<float>(c.X)),
        UpdateCase c => BindUpdate(c),
        LogSoftmaxCase c => BindLogSoftmax(c),
        SoftmaxJacobianCase c => new(() => ComposedSoftmaxJacobian.Apply(c.Activations, c.Destination)),
        SoftmaxJacobianProductCase c => new(() =>
            ComposedSoftmaxJacobian.Multiply(c.Rows, c.Columns, c.Activations, c.Vector, c.Destination)),
        CostFromProbabilitiesCase c => BindCost(c),
        CostFromLogitsCase c => BindCost(c),
        OutputDeltaCase c => new(() => TensorPrimitives.Subtract<float>(c.Activations, c.Targets, c.Destination)),
        _ => null,
    };

    private static BoundCall BindGemm(GemmCase problem)
    {
        Operand column = new(problem.TransposeA ? problem.K : 0);
        return new(() => ComposedGemm.Multiply(problem, column));
    }

    private static BoundCall? BindUpdate(UpdateCase problem)
    {
        ComposedUpdate update = new(problem);
        return problem.Rule switch
        {
            UpdateRule.GradientDescent => new(update.GradientDescent),
            UpdateRule.Momentum => new(update.WithMomentum),
            UpdateRule.Nesterov => new(update.Nesterov),
            UpdateRule.RmsProp => new(update.RmsProp),
            UpdateRule.Adam => new(update.Adam),
            UpdateRule.AdamW => new(update.AdamW),
            _ => null,
        };
    }

    private static BoundCall BindLogSoftmax(LogSoftmaxCase problem)
    {
        Operand exponentials = new(problem.Columns);
        return new(() => ComposedLogSoftmax.Apply(problem.Rows, problem.Z, exponentials, problem.Destination));
    }

    private static BoundCall BindCost(CostFromProbabilitiesCase problem)
    {
        Operand logarithms = new(problem.Columns);
        return new(() => problem.Cost = ComposedCost.OfProbabilities(problem.Rows, problem.Activations, problem.Targets, logarithms));
    }

    private static BoundCall BindCost(CostFromLogitsCase problem)
    {
        Operand exponentials = new(problem.Columns);
        return new(() => problem.Cost = ComposedCost.OfLogits(problem.Rows, problem.Z, problem.Classes, exponentials));
    }
}
