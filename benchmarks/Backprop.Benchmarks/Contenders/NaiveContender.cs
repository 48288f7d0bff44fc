using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Naive;

namespace Backprop.Benchmarks.Contenders;

/// <summary>The loops one would write first.</summary>
internal sealed class NaiveContender : IContender
{
    public string Name => "naive";

    public string? Unavailable => null;

    public BoundCall? Bind(KernelCase problem, int threads) => problem switch
    {
        GemmCase c => BindGemm(c),
        GemvCase { Transpose: false } c => new(() => NaiveGemv.Multiply(c.M, c.N, c.A, c.X, c.Y)),
        GemvCase c => new(() => NaiveGemv.MultiplyTransposed(c.M, c.N, c.A, c.X, c.Y)),
        GerCase c => new(() => NaiveGer.Update(c.M, c.N, GerCase.Alpha, c.X, c.Y, c.A)),
        ExpCase c => new(() => NaiveExp.Apply(c.X, c.Destination)),
        LogCase c => new(() => NaiveLog.Apply(c.X, c.Destination)),
        SigmoidCase c => new(() => NaiveSigmoid.Apply(c.X, c.Destination)),
        BiasSigmoidCase c => new(() => NaiveBiasSigmoid.Apply(c.Rows, c.Columns, c.Z, c.Bias, c.Destination)),
        SoftmaxCase c => new(() => NaiveSoftmax.Apply(c.Rows, c.Columns, c.Z, c.Destination)),
        CrossEntropyCase c => new(() =>
            c.Cost = NaiveSoftmaxCrossEntropy.Apply(c.Rows, c.Columns, c.Z, c.Classes, c.Destination, c.Delta)),
        SigmoidDerivativeCase c => new(() => NaiveSigmoidDerivative.Apply(c.X, c.Destination)),
        MultiplySigmoidDerivativeCase c => new(() => NaiveSigmoidDerivative.Multiply(c.Upstream, c.Activations, c.Destination)),
        NormCase c => new(() => c.Norm = NaiveNorm.Compute(c.X)),
        UpdateCase c => BindUpdate(c),
        LogSoftmaxCase c => new(() => NaiveLogSoftmax.Apply(c.Rows, c.Columns, c.Z, c.Destination)),
        SoftmaxJacobianCase c => new(() => NaiveSoftmaxJacobian.Apply(c.Activations, c.Destination)),
        SoftmaxJacobianProductCase c => new(() =>
            NaiveSoftmaxJacobian.Multiply(c.Rows, c.Columns, c.Activations, c.Vector, c.Destination)),
        CostFromProbabilitiesCase c => new(() => c.Cost = NaiveCost.OfProbabilities(c.Rows, c.Columns, c.Activations, c.Targets)),
        CostFromLogitsCase c => new(() => c.Cost = NaiveCost.OfLogits(c.Rows, c.Columns, c.Z, c.Classes)),
        OutputDeltaCase c => new(() => NaiveOutputDelta.Apply(c.Activations, c.Targets, c.Destination)),
        StepCase c => BindStep(c),
        PredictCase c => BindPredict(c),
        _ => null,
    };

    private static BoundCall BindGemm(GemmCase problem)
    {
        (int rowA, int columnA) = problem.TransposeA ? (1, problem.Lda) : (problem.Lda, 1);
        (int rowB, int columnB) = problem.TransposeB ? (1, problem.Ldb) : (problem.Ldb, 1);
        return new(() => NaiveGemm.Multiply(
            problem.M, problem.N, problem.K, problem.A, rowA, columnA, problem.B, rowB, columnB, problem.C));
    }

    private static BoundCall? BindUpdate(UpdateCase problem)
    {
        (Operand gradient, Operand mean, Operand square, Operand parameters) =
            (problem.Gradient, problem.Mean, problem.Square, problem.Parameters);
        return problem.Rule switch
        {
            UpdateRule.GradientDescent => new(() => NaiveUpdate.GradientDescent(gradient, parameters)),
            UpdateRule.Momentum => new(() => NaiveUpdate.WithMomentum(gradient, mean, parameters)),
            UpdateRule.Nesterov => new(() => NaiveUpdate.Nesterov(gradient, mean, parameters)),
            UpdateRule.RmsProp => new(() => NaiveUpdate.RmsProp(gradient, square, parameters)),
            UpdateRule.Adam => new(() => NaiveUpdate.Adam(gradient, mean, square, parameters)),
            UpdateRule.AdamW => new(() => NaiveUpdate.AdamW(gradient, mean, square, parameters)),
            _ => null,
        };
    }

    private static BoundCall BindStep(StepCase problem)
    {
        NaiveNetwork network = new(problem);
        return new(() => network.Step(StepCase.LearningRate), () => network.CopyParameters(problem.Updated));
    }

    private static BoundCall BindPredict(PredictCase problem)
    {
        NaiveNetwork network = new(problem);
        return new(() => network.Predict(problem.Activations));
    }
}
