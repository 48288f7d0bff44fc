using Backprop.Benchmarks.Measuring;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Perfolizer.Horology;

namespace Backprop.Benchmarks.Suites;

/// <summary>What BenchmarkDotNet says of single shapes.</summary>
internal static class SecondOpinion
{
    private const double IterationMilliseconds = 100;

    private const int Launches = 5;

    /// <summary>Nanoseconds by shape, the least median of several processes; one that could not be measured is missing.</summary>
    public static IReadOnlyDictionary<string, double> Medians(IReadOnlyCollection<string> shapes, string level)
    {
        Job job = Job.Default.WithLaunchCount(Launches).WithWarmupCount(10).WithIterationCount(8)
            .WithIterationTime(TimeInterval.FromMilliseconds(IterationMilliseconds));
        ManualConfig config = ManualConfig.CreateEmpty().WithBuildTimeout(SuiteConfig.BuildTimeout)
            .AddJob(InstructionSet.Default.Apply(job, ""))
            .AddLogger(NullLogger.Instance)
            .AddFilter(new SimpleFilter(benchmark =>
                KernelShapeAttribute.Of(benchmark) is string shape && shapes.Contains(shape)
                && (string?)benchmark.Parameters[nameof(KernelBenchmarks.Level)] == level));
        Summary[] summaries = BenchmarkRunner.Run(
            [.. Classes().Select(type => BenchmarkConverter.TypeToBenchmarks(type, config)).Where(run => run.BenchmarksCases.Length > 0)]);
        return summaries.SelectMany(summary => summary.Reports)
            .Where(report => report.ResultStatistics is not null)
            .ToDictionary(report => KernelShapeAttribute.Of(report.BenchmarkCase)!, LeastMedian);
    }

    private static double LeastMedian(BenchmarkReport report) => report.AllMeasurements
        .Where(measurement => measurement.Is(IterationMode.Workload, IterationStage.Result))
        .GroupBy(measurement => measurement.LaunchIndex, measurement => measurement.GetAverageTime().Nanoseconds)
        .Min(launch => Statistics.Of(launch).Median);

    private static IEnumerable<Type> Classes() =>
        typeof(SecondOpinion).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(KernelBenchmarks)));
}
