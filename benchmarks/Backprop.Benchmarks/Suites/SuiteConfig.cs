using Backprop.Simd;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.ConsoleArguments;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;

namespace Backprop.Benchmarks.Suites;

/// <summary>A job an instruction set, throughput columns, and no rows that would run a width in software.</summary>
internal static class SuiteConfig
{
    /// <summary>How long a job's program may take to build: BenchmarkDotNet's two minutes are short on a busy machine.</summary>
    public static readonly TimeSpan BuildTimeout = TimeSpan.FromMinutes(10);

    public static IConfig Create(string[] args)
    {
        ManualConfig config = ManualConfig.Create(DefaultConfig.Instance).WithBuildTimeout(BuildTimeout);
        config.AddColumn(new GflopsColumn(), new GigabytesColumn(), new OfLimitColumn());
        // the job's name says it
        config.HideColumns(Column.EnvironmentVariables);
        config.AddFilter(new SimpleFilter(benchmark => IsAccelerated(benchmark) && KernelBenchmarks.Exists(benchmark)));
        config.AddJob([.. CreateJobs(args)]);
        return config;
    }

    // A job named on the command line (--job Dry) is added by BenchmarkDotNet itself and stands for the default instruction set;
    // the others are made from it, so that it is short or long for all of them.
    private static IEnumerable<Job> CreateJobs(string[] args)
    {
        Job[] named = [.. NamedJobs(args)];
        if (named.Length == 0)
            yield return InstructionSet.Default.Apply(Job.Default, "");
        foreach (InstructionSet set in InstructionSet.Restricted.Where(set => SimdSupport.Widest > set.Widest))
        {
            if (named.Length == 0)
                yield return set.Apply(Job.Default, "");
            foreach (Job job in named)
                yield return set.Apply(job, job.ResolvedId);
        }
    }

    private static IEnumerable<Job> NamedJobs(string[] args)
    {
        (bool isSuccess, IConfig? parsed, _) = ConfigParser.Parse(args, NullLogger.Instance);
        return isSuccess && parsed is not null ? parsed.GetJobs() : [];
    }

    private static bool IsAccelerated(BenchmarkCase benchmark) =>
        IsAccelerated(WidthOf(benchmark), InstructionSet.Of(benchmark.Job));

    /// <summary>Whether a width, or none, has instructions of its own in a job of the given set, or of none.</summary>
    internal static bool IsAccelerated(SimdLevel? width, InstructionSet? set) =>
        width is not SimdLevel level || (SimdSupport.IsSupported(level) && (set is null || level <= set.Widest));

    private static SimdLevel? WidthOf(BenchmarkCase benchmark)
    {
        if (benchmark.Descriptor.Type == typeof(TileBenchmarks))
            return TileBenchmarks.Width;
        object? level = benchmark.Parameters[nameof(KernelBenchmarks.Level)];
        return SimdSupport.TryParse(level as string, out SimdLevel width) ? width : null;
    }
}
