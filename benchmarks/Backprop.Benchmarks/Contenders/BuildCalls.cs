using Backprop.Benchmarks.Cases;
using Backprop.Kernels;

namespace Backprop.Benchmarks.Contenders;

/// <summary>
/// Calls of a build's public kernels through function pointers. All builds run the same loops of this class: a delegate would let the
/// compiler guess which build is called more often and make that one's calls cheaper.
/// </summary>
internal static unsafe class BuildCalls
{
    private const string Kernels = "Backprop.Kernels.Kernel";

    /// <summary>
    /// Binds <paramref name="problem"/> to the build. A kernel that the build lacks is a <see cref="MissingMemberException"/>.
    /// </summary>
    public static BoundCall? Bind(LibraryBuild build, KernelCase problem, int threads) => problem switch
    {
        GemmCase c => BindGemm(build, c, threads),
        GemvCase c => BindGemv(build, c),
        GerCase c => BindGer(build, c),
        ExpCase c => BindElementwise(build, nameof(Kernel.Exp), c),
        LogCase c => BindElementwise(build, nameof(Kernel.Log), c),
        SigmoidCase c => BindElementwise(build, nameof(Kernel.Sigmoid), c),
        SigmoidDerivativeCase c => BindElementwise(build, nameof(Kernel.SigmoidDerivative), c),
        MultiplySigmoidDerivativeCase c => BindMultiplySigmoidDerivative(build, c),
        NormCase c => BindNorm(build, c),
        UpdateCase c => BuildUpdates.Bind(build, c),
        BiasSigmoidCase c => BindBiasSigmoid(build, c),
        SoftmaxCase c => BindRows(build, nameof(Kernel.Softmax), c),
        LogSoftmaxCase c => BindRows(build, nameof(Kernel.LogSoftmax), c),
        CrossEntropyCase c => BindCrossEntropy(build, c),
        SoftmaxJacobianCase c => BindJacobian(build, c),
        SoftmaxJacobianProductCase c => BindJacobianProduct(build, c),
        CostFromProbabilitiesCase c => BindCost(build, c),
        CostFromLogitsCase c => BindCost(build, c),
        OutputDeltaCase c => BindOutputDelta(build, c),
        NetworkCase c => BuildNetwork.Bind(build, c, threads),
        _ => null,
    };

    /// <summary>The address of a method of the build's class <see cref="Kernel"/>.</summary>
    public static nint Find(LibraryBuild build, string method, Type signature) => build.Find(Kernels, method, signature);

    private static BoundCall BindGemm(LibraryBuild build, GemmCase problem, int threads)
    {
        var gemm = (delegate*<int, int, int, int, int, float, ReadOnlySpan<float>, int, ReadOnlySpan<float>, int, float, Span<float>,
            int, int, void>)Find(
                build, nameof(Kernel.Gemm),
                typeof(delegate*<int, int, int, int, int, float, ReadOnlySpan<float>, int, ReadOnlySpan<float>, int, float, Span<float>,
                    int, int, void>));
        int transposeA = Option(problem.TransposeA), transposeB = Option(problem.TransposeB);
        return new(() => gemm(
            transposeA, transposeB, problem.M, problem.N, problem.K, 1, problem.A, problem.Lda, problem.B, problem.Ldb,
            0, problem.C, problem.N, threads));
    }

    private static BoundCall BindGemv(LibraryBuild build, GemvCase problem)
    {
        var gemv = (delegate*<int, int, int, float, ReadOnlySpan<float>, int, ReadOnlySpan<float>, float, Span<float>, void>)Find(
            build, nameof(Kernel.Gemv),
            typeof(delegate*<int, int, int, float, ReadOnlySpan<float>, int, ReadOnlySpan<float>, float, Span<float>, void>));
        int transpose = Option(problem.Transpose);
        return new(() => gemv(transpose, problem.M, problem.N, 1, problem.A, problem.N, problem.X, 0, problem.Y));
    }

    private static BoundCall BindGer(LibraryBuild build, GerCase problem)
    {
        var ger = (delegate*<int, int, float, ReadOnlySpan<float>, ReadOnlySpan<float>, Span<float>, int, void>)Find(
            build, nameof(Kernel.Ger),
            typeof(delegate*<int, int, float, ReadOnlySpan<float>, ReadOnlySpan<float>, Span<float>, int, void>));
        return new(() => ger(problem.M, problem.N, GerCase.Alpha, problem.X, problem.Y, problem.A, problem.N));
    }

    private static BoundCall BindElementwise(LibraryBuild build, string method, ElementwiseCase problem)
    {
        var function = (delegate*<ReadOnlySpan<float>, Span<float>, void>)Find(
            build, method, typeof(delegate*<ReadOnlySpan<float>, Span<float>, void>));
        return new(() => function(problem.X, problem.Destination));
    }

    private static BoundCall BindMultiplySigmoidDerivative(LibraryBuild build, MultiplySigmoidDerivativeCase problem)
    {
        var multiply = (delegate*<ReadOnlySpan<float>, ReadOnlySpan<float>, Span<float>, void>)Find(
            build, nameof(Kernel.MultiplySigmoidDerivative),
            typeof(delegate*<ReadOnlySpan<float>, ReadOnlySpan<float>, Span<float>, void>));
        return new(() => multiply(problem.Upstream, problem.Activations, problem.Destination));
    }

    private static BoundCall BindNorm(LibraryBuild build, NormCase problem)
    {
        var norm = (delegate*<ReadOnlySpan<float>, float>)Find(
            build, nameof(Kernel.Norm), typeof(delegate*<ReadOnlySpan<float>, float>));
        return new(() => problem.Norm = norm(problem.X));
    }

    private static BoundCall BindBiasSigmoid(LibraryBuild build, BiasSigmoidCase problem)
    {
        var biasSigmoid = (delegate*<ReadOnlySpan<float>, ReadOnlySpan<float>, int, int, Span<float>, void>)Find(
            build, nameof(Kernel.BiasSigmoid),
            typeof(delegate*<ReadOnlySpan<float>, ReadOnlySpan<float>, int, int, Span<float>, void>));
        return new(() => biasSigmoid(problem.Z, problem.Bias, problem.Rows, problem.Columns, problem.Destination));
    }

    private static BoundCall BindRows(LibraryBuild build, string method, RowsCase problem)
    {
        var rows = (delegate*<ReadOnlySpan<float>, int, int, Span<float>, void>)Find(
            build, method, typeof(delegate*<ReadOnlySpan<float>, int, int, Span<float>, void>));
        return new(() => rows(problem.Z, problem.Rows, problem.Columns, problem.Destination));
    }

    private static BoundCall BindCrossEntropy(LibraryBuild build, CrossEntropyCase problem)
    {
        var crossEntropy = (delegate*<ReadOnlySpan<float>, ReadOnlySpan<int>, int, int, Span<float>, Span<float>, float>)Find(
            build, nameof(Kernel.SoftmaxCrossEntropy),
            typeof(delegate*<ReadOnlySpan<float>, ReadOnlySpan<int>, int, int, Span<float>, Span<float>, float>));
        return new(() => problem.Cost =
            crossEntropy(problem.Z, problem.Classes, problem.Rows, problem.Columns, problem.Destination, problem.Delta));
    }

    private static BoundCall BindJacobian(LibraryBuild build, SoftmaxJacobianCase problem)
    {
        var jacobian = (delegate*<ReadOnlySpan<float>, Span<float>, void>)Find(
            build, nameof(Kernel.SoftmaxJacobian), typeof(delegate*<ReadOnlySpan<float>, Span<float>, void>));
        return new(() => jacobian(problem.Activations, problem.Destination));
    }

    private static BoundCall BindJacobianProduct(LibraryBuild build, SoftmaxJacobianProductCase problem)
    {
        var product = (delegate*<ReadOnlySpan<float>, ReadOnlySpan<float>, int, int, Span<float>, void>)Find(
            build, nameof(Kernel.SoftmaxJacobianProduct),
            typeof(delegate*<ReadOnlySpan<float>, ReadOnlySpan<float>, int, int, Span<float>, void>));
        return new(() => product(problem.Activations, problem.Vector, problem.Rows, problem.Columns, problem.Destination));
    }

    private static BoundCall BindCost(LibraryBuild build, CostFromProbabilitiesCase problem)
    {
        var cost = (delegate*<ReadOnlySpan<float>, ReadOnlySpan<float>, int, int, float>)Find(
            build, nameof(Kernel.CrossEntropy), typeof(delegate*<ReadOnlySpan<float>, ReadOnlySpan<float>, int, int, float>));
        return new(() => problem.Cost = cost(problem.Activations, problem.Targets, problem.Rows, problem.Columns));
    }

    private static BoundCall BindCost(LibraryBuild build, CostFromLogitsCase problem)
    {
        var cost = (delegate*<ReadOnlySpan<float>, ReadOnlySpan<int>, int, int, float>)Find(
            build, nameof(Kernel.CrossEntropyFromLogits), typeof(delegate*<ReadOnlySpan<float>, ReadOnlySpan<int>, int, int, float>));
        return new(() => problem.Cost = cost(problem.Z, problem.Classes, problem.Rows, problem.Columns));
    }

    private static BoundCall BindOutputDelta(LibraryBuild build, OutputDeltaCase problem)
    {
        var delta = (delegate*<ReadOnlySpan<float>, ReadOnlySpan<float>, int, int, Span<float>, void>)Find(
            build, nameof(Kernel.OutputDelta),
            typeof(delegate*<ReadOnlySpan<float>, ReadOnlySpan<float>, int, int, Span<float>, void>));
        return new(() => delta(problem.Activations, problem.Targets, problem.Rows, problem.Columns, problem.Destination));
    }

    private static int Option(bool transpose) => (int)(transpose ? Transpose.Yes : Transpose.No);
}
