using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Measuring;
using Backprop.Benchmarks.Reports;
using Backprop.Kernels;

namespace Backprop.Benchmarks.Startup;

/// <summary>One stage of <c>startup</c> at all its layers: every sample is a process, the contenders' processes take turns.</summary>
internal sealed class StartupComparison(
    IReadOnlyList<IContender> contenders,
    TimeBudget budget,
    Limits limit,
    IComparisonObserver observer,
    Action<string> fail,
    CancellationToken cancellation)
{
    // both builds are loaded in the same way
    private readonly string? _ownBuild = contenders.Any(contender => contender is OtherBuild) ? typeof(Kernel).Assembly.Location : null;

    public List<RowReport> Run(IEnumerable<StartupCase> cases) =>
        [.. cases.TakeWhile(_ => !cancellation.IsCancellationRequested).SelectMany(RunShape)];

    private List<RowReport> RunShape(StartupCase problem)
    {
        string expected = StartupWork.Run(problem.Stage, [.. problem.Work.Layers])();
        List<StartupProgram> programs = [.. contenders.Select(contender => StartupProgram.Of(contender, problem, _ownBuild))
            .OfType<StartupProgram>().Where(program => IsRight(problem, program, expected))];
        List<List<StartupSample>> rounds = programs.Count > 0 ? TakeRounds(problem, programs) : [];
        if (rounds.Count < TimeBudget.FewestSamples)
            return [];
        List<Measurement> found = [.. programs.Select((program, i) => Measure(program.Level, [.. rounds.Select(round => round[i])]))];
        return new RowBuilder(limit).Build(problem, found, stable: true, Compare(programs, rounds));
    }

    // in turns, so that a busy neighbour meets all alike
    private List<List<StartupSample>> TakeRounds(StartupCase problem, List<StartupProgram> programs)
    {
        List<List<StartupSample>> rounds = [];
        try
        {
            while (rounds.Count < budget.Processes && !cancellation.IsCancellationRequested)
                rounds.Add([.. programs.Select(program => program.Run())]);
        }
        catch (InvalidOperationException exception)
        {
            if (!cancellation.IsCancellationRequested)
                fail($"{problem.Kernel} {problem.Shape}: a process failed: {exception.Message}");
        }
        return rounds;
    }

    // a process that is not counted: files are read from the disk, and the result is looked at. Another build may give other bits
    private bool IsRight(StartupCase problem, StartupProgram program, string expected)
    {
        if (cancellation.IsCancellationRequested)
            return false;
        string at = $"{problem.Kernel} {problem.Shape} at level {program.Level}";
        bool isOther = program.Level == OtherBuild.Level;
        Action<string> tell = isOther ? observer.Noticed : fail;
        try
        {
            string digest = program.Run().Digest;
            if (digest.Length == 0 || digest == expected)
                return true;
            tell($"{at}: not the same bits as in this process, SHA-256 {digest}, expected {expected}");
            return isOther;
        }
        catch (InvalidOperationException exception)
        {
            // the signal that interrupts this program ends the one that it waits for too
            if (!cancellation.IsCancellationRequested)
                tell($"{at} left out: {exception.Message}");
            return false;
        }
    }

    private static Measurement Measure(string level, IReadOnlyList<StartupSample> samples) => new(
        level, Statistics.Of(samples.Select(sample => sample.Nanoseconds)), (long)Median(samples, sample => sample.AllocatedBytes),
        (long)Median(samples, sample => sample.CompiledMethods), Median(samples, sample => sample.JitMilliseconds));

    private static double Median(IEnumerable<StartupSample> samples, Func<StartupSample, double> value) =>
        Statistics.Of(samples.Select(value)).Median;

    // process by process, each beside the other build's of its round
    private static BuildRatio? Compare(List<StartupProgram> programs, List<List<StartupSample>> rounds)
    {
        int own = programs.FindIndex(program => program.Level == AutoContender.Level);
        int other = programs.FindIndex(program => program.Level == OtherBuild.Level);
        return own < 0 || other < 0
            ? null
            : BuildRatio.Of([.. rounds.Select(round => round[other].Nanoseconds / round[own].Nanoseconds)]);
    }
}
