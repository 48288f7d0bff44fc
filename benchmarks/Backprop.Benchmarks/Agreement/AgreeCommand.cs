using System.CommandLine;
using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Reports;
using Backprop.Benchmarks.Suites;

namespace Backprop.Benchmarks.Agreement;

/// <summary>The command <c>agree</c>: a few rows measured by <c>compare</c> and by BenchmarkDotNet, which have to say the same.</summary>
internal static class AgreeCommand
{
    private const string Name = "agree", Level = "auto";

    private const int Disagreement = 1;

    private const double Tolerance = 0.1;

    // a call of a tenth of a microsecond, of microseconds, and of most of a millisecond
    private static readonly string[] s_shapes = ["exp:1000", "gemv:256x256:n", "gemm:128x512x784:nn"];

    public static Command Create()
    {
        Command command = new(
            Name, $"Measures {string.Join(", ", s_shapes)} by compare and by BenchmarkDotNet; exit code 1 when they differ by more than"
                + $" {Units.Percent(Tolerance)}. Takes a minute or two.");
        command.SetAction(_ => Run());
        return command;
    }

    /// <summary>How far apart two times are, as a fraction of the shorter.</summary>
    internal static double Apart(double a, double b) => Math.Max(a, b) / Math.Min(a, b) - 1;

    private static int Run()
    {
        CompareOptions options = CompareCommand.ReadOptions(new CompareInput { Shapes = s_shapes, Levels = [Level] });
        Console.WriteLine("BenchmarkDotNet measures first, in a process of its own for each shape");
        IReadOnlyDictionary<string, double> opinions = SecondOpinion.Medians(s_shapes, Level);
        Report report = new Comparison(options, TimeBudget.Full, new ConsoleReport(), CancellationToken.None).Run();
        Console.WriteLine();
        int disagreements = 0;
        foreach ((string shape, KernelCase problem) in s_shapes.Zip(options.Cases))
        {
            if (!Agrees(shape, opinions, FindRow(report, problem)))
                disagreements++;
        }
        return disagreements == 0 ? 0 : Disagreement;
    }

    private static RowReport? FindRow(Report report, KernelCase problem) =>
        report.Rows.FirstOrDefault(row => row.Kernel == problem.Kernel && row.Shape == problem.Shape);

    private static bool Agrees(string shape, IReadOnlyDictionary<string, double> opinions, RowReport? row)
    {
        if (row is null || !opinions.TryGetValue(shape, out double opinion))
        {
            Console.WriteLine($"{shape}: not measured by {(row is null ? "compare" : "BenchmarkDotNet")}");
            return false;
        }
        double apart = Apart(row.MedianNs, opinion);
        bool agrees = apart <= Tolerance;
        string times = $"{shape}: compare {Units.Time(row.MedianNs)}, BenchmarkDotNet {Units.Time(opinion)}";
        Console.WriteLine($"{times}, {Units.Digits(apart * 100)} % apart: {(agrees ? "agrees" : "DISAGREES")}");
        return agrees;
    }
}
