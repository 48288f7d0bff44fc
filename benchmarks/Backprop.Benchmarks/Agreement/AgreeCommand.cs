using System.CommandLine;
using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Reports;
using Backprop.Benchmarks.Suites;

namespace Backprop.Benchmarks.Agreement;

/// <summary>The command <c>agree</c>: a few rows measured by <c>compare</c> and by BenchmarkDotNet, which have to say the same.</summary>
/// <remarks>
/// The two cannot be measured at the same time, and a virtual machine has slow phases that last for seconds: exp:1000 took 123 ns in some
/// processes and 155 in others, whoever measured it. So both are measured several times, and the median of the best time counts for each.
/// </remarks>
internal static class AgreeCommand
{
    private const string Name = "agree", Level = "auto";

    private const int Disagreement = 1;

    private const double Tolerance = 0.1;

    // as many before BenchmarkDotNet as after it
    private const int Rounds = 4;

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
        using CompareRounds rounds = new(options);
        Console.WriteLine($"compare, {Rounds} rounds");
        rounds.Run(Rounds);
        Console.WriteLine("BenchmarkDotNet, in processes of its own for each shape");
        IReadOnlyDictionary<string, double> opinions = SecondOpinion.Medians(s_shapes, Level);
        Console.WriteLine($"compare, {Rounds} rounds more");
        rounds.Run(Rounds);
        int disagreements = s_shapes.Zip(options.Cases).Count(pair => !Agrees(pair.First, opinions, rounds.Median(pair.Second)));
        return disagreements == 0 ? 0 : Disagreement;
    }

    private static bool Agrees(string shape, IReadOnlyDictionary<string, double> opinions, double? median)
    {
        if (median is not double own || !opinions.TryGetValue(shape, out double opinion))
        {
            Console.WriteLine($"{shape}: not measured by {(median is null ? "compare" : "BenchmarkDotNet")}");
            return false;
        }
        double apart = Apart(own, opinion);
        bool agrees = apart <= Tolerance;
        string times = $"{shape}: compare {Units.Time(own)}, BenchmarkDotNet {Units.Time(opinion)}";
        Console.WriteLine($"{times}, {Units.Digits(apart * 100)} % apart: {(agrees ? "agrees" : "DISAGREES")}");
        return agrees;
    }
}
