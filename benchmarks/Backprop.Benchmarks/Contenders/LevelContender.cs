using Backprop.Benchmarks.Cases;
using Backprop.Kernels;
using Backprop.Simd;

namespace Backprop.Benchmarks.Contenders;

/// <summary>The library at one given vector width.</summary>
internal sealed class LevelContender(SimdLevel level) : IContender
{
    public SimdLevel Level => level;

    public string Name => level.ToName();

    public string? Unavailable => SimdSupport.IsSupported(level)
        ? null
        : $"this process has no hardware acceleration for it, {SimdSupport.Widest.ToName()} is the widest";

    public bool Threaded => true;

    public BoundCall? Bind(KernelCase problem, int threads) => problem switch
    {
        GemmCase c => BindGemm(c, threads),
        GemvCase c => new(() => Kernel.Gemv(level, c.Transpose ? Transpose.Yes : Transpose.No, c.M, c.N, 1, c.A, c.N, c.X, 0, c.Y)),
        GerCase c => new(() => Kernel.Ger(level, c.M, c.N, GerCase.Alpha, c.X, c.Y, c.A, c.N)),
        ExpCase c => new(() => Kernel.Exp(level, c.X, c.Destination)),
        LogCase c => new(() => Kernel.Log(level, c.X, c.Destination)),
        SigmoidCase c => new(() => Kernel.Sigmoid(level, c.X, c.Destination)),
        BiasSigmoidCase c => new(() => Kernel.BiasSigmoid(level, c.Z, c.Bias, c.Rows, c.Columns, c.Destination)),
        SoftmaxCase c => new(() => Kernel.Softmax(level, c.Z, c.Rows, c.Columns, c.Destination)),
        CrossEntropyCase c => new(() =>
            c.Cost = Kernel.SoftmaxCrossEntropy(level, c.Z, c.Classes, c.Rows, c.Columns, c.Destination, c.Delta)),
        SigmoidDerivativeCase c => new(() => Kernel.SigmoidDerivative(level, c.X, c.Destination)),
        MultiplySigmoidDerivativeCase c => new(() => Kernel.MultiplySigmoidDerivative(level, c.Upstream, c.Activations, c.Destination)),
        NormCase c => new(() => c.Norm = Kernel.Norm(level, c.X)),
        UpdateCase c => BindUpdate(c),
        LogSoftmaxCase c => new(() => Kernel.LogSoftmax(level, c.Z, c.Rows, c.Columns, c.Destination)),
        SoftmaxJacobianCase c => new(() => Kernel.SoftmaxJacobian(level, c.Activations, c.Destination)),
        SoftmaxJacobianProductCase c => new(() =>
            Kernel.SoftmaxJacobianProduct(level, c.Activations, c.Vector, c.Rows, c.Columns, c.Destination)),
        CostFromProbabilitiesCase c => new(() => c.Cost = Kernel.CrossEntropy(level, c.Activations, c.Targets, c.Rows, c.Columns)),
        CostFromLogitsCase c => new(() => c.Cost = Kernel.CrossEntropyFromLogits(level, c.Z, c.Classes, c.Rows, c.Columns)),
        NetworkCase c => BindNetwork(c, threads),
        _ => null,
    };

    private BoundCall? BindUpdate(UpdateCase problem) => problem.Rule switch
    {
        UpdateRule.GradientDescent => new(() => Kernel.GradientDescentUpdate(
            level, problem.Gradient, UpdateCase.LearningRate, UpdateCase.Decay, problem.Parameters)),
        UpdateRule.Momentum => new(() => Kernel.MomentumUpdate(
            level, problem.Gradient, UpdateCase.LearningRate, UpdateCase.Momentum, UpdateCase.Decay, problem.Mean, problem.Parameters)),
        UpdateRule.Nesterov => new(() => Kernel.NesterovUpdate(
            level, problem.Gradient, UpdateCase.LearningRate, UpdateCase.Momentum, UpdateCase.Decay, problem.Mean, problem.Parameters)),
        UpdateRule.RmsProp => new(() => Kernel.RmsPropUpdate(
            level, problem.Gradient, UpdateCase.LearningRate, UpdateCase.Beta2, UpdateCase.Tiny, UpdateCase.Decay, problem.Square,
            problem.Parameters)),
        UpdateRule.Adam => new(() => Kernel.AdamUpdate(
            level, problem.Gradient, UpdateCase.LearningRate, UpdateCase.Beta1, UpdateCase.Beta2, UpdateCase.Tiny, UpdateCase.Decay,
            UpdateCase.Correction1, UpdateCase.Correction2, problem.Mean, problem.Square, problem.Parameters)),
        UpdateRule.AdamW => new(() => Kernel.AdamWUpdate(
            level, problem.Gradient, UpdateCase.LearningRate, UpdateCase.Beta1, UpdateCase.Beta2, UpdateCase.Tiny, UpdateCase.Decay,
            UpdateCase.Correction1, UpdateCase.Correction2, problem.Mean, problem.Square, problem.Parameters)),
        _ => null,
    };

    private BoundCall BindGemm(GemmCase problem, int threads)
    {
        Transpose transposeA = problem.TransposeA ? Transpose.Yes : Transpose.No;
        Transpose transposeB = problem.TransposeB ? Transpose.Yes : Transpose.No;
        return new(() => Kernel.Gemm(
            level, transposeA, transposeB, problem.M, problem.N, problem.K, 1, problem.A, problem.Lda, problem.B, problem.Ldb,
            0, problem.C, problem.N, threads));
    }

    // networks have no parameter for the width: they run under the cap, which is put back after each call
    private BoundCall? BindNetwork(NetworkCase problem, int threads)
    {
        BoundCall? call = null;
        CappedLevel.Run(level, () => call = LibraryNetwork.Bind(problem, threads));
        return call is null ? null : call with { Run = () => CappedLevel.Run(level, call.Run) };
    }
}
