using System.CommandLine;
using Backprop.Cli.Output;
using Backprop.Data;
using Backprop.Networks;
using Backprop.Training;
using static System.FormattableString;

namespace Backprop.Cli.Commands;

/// <summary><c>backprop check</c>: compares the analytic gradient of a random network with central differences.</summary>
internal static class CheckCommand
{
    // 10,000 images of 784 pixels are fewer; their copy in double precision takes 80 MB.
    private const int MostNumbers = 10_000_000;

    internal static Command Create(CommandContext context)
    {
        Option<Named<int[]>> layers = Options.LayerSizes(
            "--layers", "Sizes of the layers: inputs, hidden units, outputs.", "64-30-10", '-');
        Option<int> rows = Options.WholeNumber("--rows", "Random examples in the batch.", 10, 1, 10_000);
        Option<ulong> seed = Options.Seed("Decides weights, inputs and classes.");
        Option<bool> json = Options.Json("Print one JSON object instead.");

        Command command = new("check", "Check the gradient of a random network against central differences.") { layers, rows, seed, json };
        command.SetAction(parsed =>
            Run(context, parsed.GetRequiredValue(layers).Value, parsed.GetValue(rows), parsed.GetValue(seed), parsed.GetValue(json)));
        command.AddHelp("""
            Two comparisons: the analytic gradient in double precision with central differences (relative error, under 1e-6), and the
            float gradient that training uses with the double one (within a bound derived from sizes and magnitudes, printed).
            Exit code 1 if either is beyond its bound.

            Examples:
              backprop check
              backprop check --layers 784-30-20-10 --rows 5 --seed 7 --json
            """);
        return command;
    }

    private static int Run(CommandContext context, int[] layers, int rows, ulong seed, bool json)
    {
        Network network = InputException.Blame("--layers", string.Join('-', layers), () => new Network(layers));
        CheckRows(rows, network.InputSize);
        Initializer.Initialize(network, Initialization.ScaledNormal, seed);
        RandomSource random = new(seed);
        float[] inputs = new float[rows * network.InputSize];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = random.NextSingle();
        int[] classes = new int[rows];
        for (int i = 0; i < classes.Length; i++)
            classes[i] = random.Next(network.OutputSize);

        GradientCheckReport report = InputException.Blame(
            "--rows", Format.Count(rows), () => GradientCheck.Run(network, inputs, classes, rows));

        if (json)
            Reports.Write(Describe(report, layers, rows, seed), context.Output);
        else
            Print(report, network, rows, seed, context.Output);
        return report.Passed ? ExitCode.Success : ExitCode.Failed;
    }

    private static void CheckRows(int rows, int inputs)
    {
        long numbers = (long)rows * inputs;
        if (numbers > MostNumbers)
            throw new InputException($"--rows: {rows} examples of {inputs} inputs are {numbers} numbers; expected at most {MostNumbers}");
    }

    private static void Print(GradientCheckReport report, Network network, int rows, ulong seed, TextWriter writer)
    {
        writer.WriteLine(
            $"network {Format.Layers(network.Layers)}, {Format.Plural(rows, "random example")}, seed {seed}: "
            + $"{Format.Count(report.ParametersChecked)} parameters checked");
        writer.WriteLine(Invariant(
            $"double gradient against central differences: worst relative error {report.WorstRelativeError:0.00e-00} ")
            + Invariant($"(bound {GradientCheck.Tolerance:0e-00})"));
        writer.WriteLine(Invariant($"  at {report.WorstParameter}: analytic {report.Analytic:g12}, numeric {report.Numeric:g12}"));
        writer.WriteLine(Invariant(
            $"float gradient against double gradient: worst error {report.WorstFloatError:0.00e-00} ")
            + Invariant($"(bound {report.FloatErrorBound:0.00e-00})"));
        writer.WriteLine($"  at {report.WorstFloatParameter}");
        writer.WriteLine(report.Passed ? "passed" : "FAILED: beyond the bound");
    }

    private static CheckReport Describe(GradientCheckReport report, int[] layers, int rows, ulong seed) => new(
        layers,
        rows,
        seed,
        report.Passed,
        report.WorstRelativeError,
        GradientCheck.Tolerance,
        report.WorstParameter,
        report.Analytic,
        report.Numeric,
        report.WorstFloatError,
        report.FloatErrorBound,
        report.WorstFloatParameter,
        report.ParametersChecked);
}
