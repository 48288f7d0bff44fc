using Backprop.Benchmarks.Cases;

namespace Backprop.Benchmarks.Compare;

/// <summary>
/// About how long the parts of a comparison take, told before anything is measured: what the budget says, and slow calls at the rate of a
/// plain loop.
/// </summary>
internal sealed class ExpectedTime(TimeBudget budget)
{
    // two for each width's peak, three for each level of memory: a tenth of a second and buffers that are filled
    private static readonly TimeSpan s_limits = TimeSpan.FromSeconds(4);

    // the warm-up waits for compilation, however many levels there are
    private static readonly TimeSpan s_compilation = TimeSpan.FromMilliseconds(250);

    // one level, on one core
    private static readonly TimeSpan s_epoch = TimeSpan.FromMilliseconds(20);

    // a runtime that starts, and the library that it compiles
    private static readonly TimeSpan s_process = TimeSpan.FromMilliseconds(500);

    // warm-up, calibration and the fewest samples of the two slowest levels, at an operation or a byte a nanosecond
    private const int SlowCalls = 16;

    public TimeSpan Limits(int threadCounts) => threadCounts * s_limits;

    /// <summary>The shapes of one kernel on one number of threads.</summary>
    public TimeSpan Kernel(IReadOnlyCollection<KernelCase> cases, int contenders)
    {
        TimeSpan sampling = cases.Count * contenders * (budget.ShapeWarmUp + budget.Samples * budget.Sample);
        double slowest = SlowCalls * cases.Sum(problem => Math.Max(problem.Flops, problem.Bytes));
        // a call that long is left out or sampled once: the estimate need not be exact there, but has to be a time
        TimeSpan slow = TimeSpan.FromSeconds(Math.Min(slowest / 1e9, cases.Count * TimeBudget.LongestCall.TotalSeconds));
        return s_compilation + contenders * budget.KernelWarmUp + sampling + slow;
    }

    /// <summary>Processes that are started one after the other, and one each that is not counted.</summary>
    public TimeSpan Startup(int shapes, int contenders) => shapes * contenders * (budget.Processes + 1) * s_process;

    /// <summary>The training at the end, with an epoch before that is not counted.</summary>
    public TimeSpan Training(int runs) => runs * (budget.TrainingEpochs + 1) * s_epoch;
}
