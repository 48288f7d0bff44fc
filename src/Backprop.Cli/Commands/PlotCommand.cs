using System.CommandLine;
using Backprop.Cli.Output;

namespace Backprop.Cli.Commands;

/// <summary><c>backprop plot</c>: the metrics of several runs in one picture.</summary>
internal static class PlotCommand
{
    internal static Command Create(CommandContext context)
    {
        Argument<string[]> files = new("METRICS.csv")
        {
            Description = "Files that train --metrics wrote; each is a curve named like its file.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> output = new("--out")
        {
            Description = "The picture to write, PNG or SVG by its extension; a file that is there is replaced.",
            HelpName = "FILE.png|FILE.svg",
            Required = true,
        };
        Option<string?> title = Options.File("--title", "TEXT", "A line above the picture.");
        Option<PublishedValue[]> published = PublishedOption();
        Command command = new("plot", "Draw the validation accuracies of several runs into one picture, beside published values.")
        {
            files, output, title, published,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(output);
            PlotFile.CheckExtension("--out", path);
            OutputFile.CheckWritable("--out", path);
            MetricsCurve[] curves = [.. parsed.GetRequiredValue(files).Select(MetricsCurve.Load)];
            ComparisonPlot.Write(path, parsed.GetValue(title), curves, parsed.GetValue(published) ?? []);
            context.Output.WriteLine($"plot: {path}");
            return ExitCode.Success;
        });
        command.AddHelp("""
            Examples:
              backprop plot run-1.csv run-2.csv --out runs.png
              backprop plot run.csv --published "Nielsen, first epoch=1:92.70" "Nielsen, end=96.5" --out run.svg
            """);
        return command;
    }

    private static Option<PublishedValue[]> PublishedOption() =>
        new("--published")
        {
            Description = "Accuracies to draw beside the curves, in percent: a cross at an epoch, or a line along all of them.",
            HelpName = "LABEL=[EPOCH:]PERCENT",
            AllowMultipleArgumentsPerToken = true,
            CustomParser = result =>
            {
                List<PublishedValue> values = [];
                foreach (string text in result.Tokens.Select(token => token.Value))
                {
                    if (PublishedValue.Parse(text) is { } value)
                        values.Add(value);
                    else
                        result.AddError($"--published: expected LABEL=PERCENT or LABEL=EPOCH:PERCENT, such as first=1:92.7, got '{text}'");
                }

                return [.. values];
            },
        };
}
