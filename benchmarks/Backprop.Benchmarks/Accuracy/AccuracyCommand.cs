using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Backprop.Benchmarks.Compare;
using Backprop.Simd;

namespace Backprop.Benchmarks.Accuracy;

/// <summary>
/// The command <c>accuracy</c>: the worst errors of the elementwise kernels over all floats, as the table of docs/numerics.md.
/// </summary>
internal static class AccuracyCommand
{
    public const string Name = "accuracy";

    private const int Exceeded = 1;

    private const int LineWidth = 40;

    public static Command Create()
    {
        Option<int> stride = new("--stride")
        {
            Description = "Take every N-th of the 2^32 floats; 1 takes all, some minutes.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        Command command = new(
            Name,
            "Compares exp, log and sigmoid with a double-precision reference over all 2^32 floats, at every vector width of this CPU,"
            + " and prints the worst error in units in the last place (ULP). Exit code 1 when a promised bound is exceeded or two widths"
            + " differ in a bit.")
        {
            stride,
        };
        command.SetAction(result => Run(result.GetValue(stride)));
        return command;
    }

    private static int Run(int stride)
    {
        if (stride < 1) throw new InputException(FormattableString.Invariant($"--stride {stride}: expected 1 or more"));
        SimdLevel[] levels = [.. Enum.GetValues<SimdLevel>().Where(SimdSupport.IsSupported)];
        bool isKept = true;
        string names = string.Join(", ", levels.Select(level => level.ToName()));
        Console.WriteLine($"| function | floats | worst error, ULP | at | promised | bits at {names} |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (AccurateFunction function in AccurateFunction.All)
        {
            SweepResult result = new Sweep(function, levels, stride).Run(ShowProgress(function.Name));
            isKept &= result.WorstUlp <= function.PromisedUlp && result.DifferentLevel is null;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| `{result.Function}` | {result.Inputs} | {result.WorstUlp:F4} | {result.WorstAt:G9} | {function.PromisedUlp:F1} |")
                + $" {Sameness(result)} |");
        }
        return isKept ? 0 : Exceeded;
    }

    private static string Sameness(SweepResult result) =>
        result.DifferentLevel is { } level
            ? string.Create(CultureInfo.InvariantCulture, $"{level.ToName()} differs at {result.DifferentAt:G9}")
            : "the same";

    /// <summary>Per cent and time left on standard error, twice a second, where someone is looking.</summary>
    private static Action<double> ShowProgress(string name)
    {
        if (Console.IsErrorRedirected) return _ => { };
        Stopwatch total = Stopwatch.StartNew(), since = Stopwatch.StartNew();
        return done =>
        {
            if (done < 1 && since.ElapsedMilliseconds < 500) return;
            since.Restart();
            TimeSpan left = total.Elapsed / done - total.Elapsed;
            string line = string.Create(CultureInfo.InvariantCulture, $"\r{name}: {100 * done:F0} %, {left:m\\:ss} left  ");
            Console.Error.Write(done < 1 ? line : $"\r{new string(' ', LineWidth)}\r");
        };
    }
}
