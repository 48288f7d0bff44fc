using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Backprop.Benchmarks.Suites;

/// <summary>Runs the BenchmarkDotNet classes, the second opinion on <c>compare</c>.</summary>
internal static class SuiteRunner
{
    private const int Failed = 1;

    /// <summary>Returns 0, or 1 when a benchmark could not be run.</summary>
    public static int Run(string[] args)
    {
        IEnumerable<Summary> summaries = BenchmarkSwitcher.FromAssembly(typeof(SuiteRunner).Assembly).Run(args, SuiteConfig.Create(args));
        return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? Failed : 0;
    }
}
