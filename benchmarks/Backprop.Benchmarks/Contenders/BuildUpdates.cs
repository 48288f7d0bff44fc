using Backprop.Benchmarks.Cases;
using Backprop.Kernels;

namespace Backprop.Benchmarks.Contenders;

/// <summary>Calls of a build's optimiser kernels, as <see cref="BuildCalls"/> makes those of the others.</summary>
internal static unsafe class BuildUpdates
{
    // the library's default, which updates on the calling thread
    private const int Threads = 1;

    public static BoundCall? Bind(LibraryBuild build, UpdateCase problem) => problem.Rule switch
    {
        UpdateRule.GradientDescent => BindGradientDescent(build, problem),
        UpdateRule.Momentum => BindMomentum(build, nameof(Kernel.MomentumUpdate), problem),
        UpdateRule.Nesterov => BindMomentum(build, nameof(Kernel.NesterovUpdate), problem),
        UpdateRule.RmsProp => BindRmsProp(build, problem),
        UpdateRule.Adam => BindAdam(build, nameof(Kernel.AdamUpdate), problem),
        UpdateRule.AdamW => BindAdam(build, nameof(Kernel.AdamWUpdate), problem),
        _ => null,
    };

    private static BoundCall BindGradientDescent(LibraryBuild build, UpdateCase problem)
    {
        var update = (delegate*<ReadOnlySpan<float>, float, float, Span<float>, int, void>)BuildCalls.Find(
            build, nameof(Kernel.GradientDescentUpdate), typeof(delegate*<ReadOnlySpan<float>, float, float, Span<float>, int, void>));
        return new(() => update(problem.Gradient, UpdateCase.LearningRate, UpdateCase.Decay, problem.Parameters, Threads));
    }

    private static BoundCall BindMomentum(LibraryBuild build, string method, UpdateCase problem)
    {
        var update = (delegate*<ReadOnlySpan<float>, float, float, float, Span<float>, Span<float>, int, void>)BuildCalls.Find(
            build, method, typeof(delegate*<ReadOnlySpan<float>, float, float, float, Span<float>, Span<float>, int, void>));
        return new(() => update(
            problem.Gradient, UpdateCase.LearningRate, UpdateCase.Momentum, UpdateCase.Decay, problem.Mean, problem.Parameters, Threads));
    }

    private static BoundCall BindRmsProp(LibraryBuild build, UpdateCase problem)
    {
        var update = (delegate*<ReadOnlySpan<float>, float, float, float, float, Span<float>, Span<float>, int, void>)BuildCalls.Find(
            build, nameof(Kernel.RmsPropUpdate),
            typeof(delegate*<ReadOnlySpan<float>, float, float, float, float, Span<float>, Span<float>, int, void>));
        return new(() => update(
            problem.Gradient, UpdateCase.LearningRate, UpdateCase.Beta2, UpdateCase.Tiny, UpdateCase.Decay, problem.Square,
            problem.Parameters, Threads));
    }

    private static BoundCall BindAdam(LibraryBuild build, string method, UpdateCase problem)
    {
        var update = (delegate*<ReadOnlySpan<float>, float, float, float, float, float, double, double, Span<float>, Span<float>,
            Span<float>, int, void>)BuildCalls.Find(
                build, method,
                typeof(delegate*<ReadOnlySpan<float>, float, float, float, float, float, double, double, Span<float>, Span<float>,
                    Span<float>, int, void>));
        return new(() => update(
            problem.Gradient, UpdateCase.LearningRate, UpdateCase.Beta1, UpdateCase.Beta2, UpdateCase.Tiny, UpdateCase.Decay,
            UpdateCase.Correction1, UpdateCase.Correction2, problem.Mean, problem.Square, problem.Parameters, Threads));
    }
}
