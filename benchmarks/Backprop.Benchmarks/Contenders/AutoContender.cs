using Backprop.Benchmarks.Cases;
using Backprop.Kernels;

namespace Backprop.Benchmarks.Contenders;

/// <summary>The library as its users call it: the public methods, which pick the vector width.</summary>
internal sealed class AutoContender : IContender
{
    /// <summary>The level of its rows.</summary>
    public const string Level = "auto";

    public string Name => Level;

    public string? Unavailable => null;

    public bool Threaded => true;

    public BoundCall? Bind(KernelCase problem, int threads) => problem switch
    {
        GemmCase c => BindGemm(c, threads),
        GemvCase c => new(() => Kernel.Gemv(c.Transpose ? Transpose.Yes : Transpose.No, c.M, c.N, 1, c.A, c.N, c.X, 0, c.Y)),
        GerCase c => new(() => Kernel.Ger(c.M, c.N, GerCase.Alpha, c.X, c.Y, c.A, c.N)),
        ExpCase c => new(() => Kernel.Exp(c.X, c.Destination)),
        LogCase c => new(() => Kernel.Log(c.X, c.Destination)),
        SigmoidCase c => new(() => Kernel.Sigmoid(c.X, c.Destination)),
        BiasSigmoidCase c => new(() => Kernel.BiasSigmoid(c.Z, c.Bias, c.Rows, c.Columns, c.Destination)),
        SoftmaxCase c => new(() => Kernel.Softmax(c.Z, c.Rows, c.Columns, c.Destination)),
        CrossEntropyCase c => new(() => c.Cost = Kernel.SoftmaxCrossEntropy(c.Z, c.Classes, c.Rows, c.Columns, c.Destination, c.Delta)),
        SigmoidDerivativeCase c => new(() => Kernel.SigmoidDerivative(c.X, c.Destination)),
        MultiplySigmoidDerivativeCase c => new(() => Kernel.MultiplySigmoidDerivative(c.Upstream, c.Activations, c.Destination)),
        NormCase c => new(() => c.Norm = Kernel.Norm(c.X)),
        UpdateCase c => BindUpdate(c),
        LogSoftmaxCase c => new(() => Kernel.LogSoftmax(c.Z, c.Rows, c.Columns, c.Destination)),
        SoftmaxJacobianCase c => new(() => Kernel.SoftmaxJacobian(c.Activations, c.Destination)),
        SoftmaxJacobianProductCase c => new(() =>
            Kernel.SoftmaxJacobianProduct(c.Activations, c.Vector, c.Rows, c.Columns, c.Destination)),
        CostFromProbabilitiesCase c => new(() => c.Cost = Kernel.CrossEntropy(c.Activations, c.Targets, c.Rows, c.Columns)),
        CostFromLogitsCase c => new(() => c.Cost = Kernel.CrossEntropyFromLogits(c.Z, c.Classes, c.Rows, c.Columns)),
        OutputDeltaCase c => new(() => Kernel.OutputDelta(c.Activations, c.Targets, c.Rows, c.Columns, c.Destination)),
        NetworkCase c => LibraryNetwork.Bind(c, threads),
        _ => null,
    };

    private static BoundCall? BindUpdate(UpdateCase problem) => problem.Rule switch
    {
        UpdateRule.GradientDescent => new(() => Kernel.GradientDescentUpdate(
            problem.Gradient, UpdateCase.LearningRate, UpdateCase.Decay, problem.Parameters)),
        UpdateRule.Momentum => new(() => Kernel.MomentumUpdate(
            problem.Gradient, UpdateCase.LearningRate, UpdateCase.Momentum, UpdateCase.Decay, problem.Mean, problem.Parameters)),
        UpdateRule.Nesterov => new(() => Kernel.NesterovUpdate(
            problem.Gradient, UpdateCase.LearningRate, UpdateCase.Momentum, UpdateCase.Decay, problem.Mean, problem.Parameters)),
        UpdateRule.RmsProp => new(() => Kernel.RmsPropUpdate(
            problem.Gradient, UpdateCase.LearningRate, UpdateCase.Beta2, UpdateCase.Tiny, UpdateCase.Decay, problem.Square,
            problem.Parameters)),
        UpdateRule.Adam => new(() => Kernel.AdamUpdate(
            problem.Gradient, UpdateCase.LearningRate, UpdateCase.Beta1, UpdateCase.Beta2, UpdateCase.Tiny, UpdateCase.Decay,
            UpdateCase.Correction1, UpdateCase.Correction2, problem.Mean, problem.Square, problem.Parameters)),
        UpdateRule.AdamW => new(() => Kernel.AdamWUpdate(
            problem.Gradient, UpdateCase.LearningRate, UpdateCase.Beta1, UpdateCase.Beta2, UpdateCase.Tiny, UpdateCase.Decay,
            UpdateCase.Correction1, UpdateCase.Correction2, problem.Mean, problem.Square, problem.Parameters)),
        _ => null,
    };

    private static BoundCall BindGemm(GemmCase problem, int threads)
    {
        Transpose transposeA = problem.TransposeA ? Transpose.Yes : Transpose.No;
        Transpose transposeB = problem.TransposeB ? Transpose.Yes : Transpose.No;
        return new(() => Kernel.Gemm(
            transposeA, transposeB, problem.M, problem.N, problem.K, 1, problem.A, problem.Lda, problem.B, problem.Ldb,
            0, problem.C, problem.N, threads));
    }
}
