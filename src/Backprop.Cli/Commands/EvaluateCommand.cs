using System.CommandLine;
using Backprop.Cli.Output;
using Backprop.Data;
using Backprop.Networks;
using Backprop.Training;
using static System.FormattableString;

namespace Backprop.Cli.Commands;

/// <summary><c>backprop evaluate</c>: accuracy, cost and confusion matrix of a saved model.</summary>
internal static class EvaluateCommand
{
    internal static Command Create(CommandContext context)
    {
        Argument<string> model = ModelArgument();
        Option<string> data = Options.Data("What to measure on:");
        Option<Named<DataPart?>> part = PartOption();
        Option<ulong> seed = SplitSeed();
        Option<int> threads = Options.Threads();
        Option<bool> json = Options.Json("Print one JSON object instead.");

        Command command = new("evaluate", "Measure accuracy and cost of a model, and show its confusion matrix.")
        {
            model, data, part, seed, threads, json,
        };
        command.SetAction(parsed => Run(
            context,
            parsed.GetRequiredValue(model),
            DataSource.Parse(parsed.GetRequiredValue(data)),
            parsed.GetRequiredValue(part).Value,
            parsed.GetValue(seed),
            parsed.GetValue(threads),
            parsed.GetValue(json)));
        command.AddHelp("""
            The cost is the mean cross-entropy in nats. In the confusion matrix rows are actual and columns predicted classes.

            Examples:
              backprop evaluate model.safetensors                       the fifth of the digits that train --seed 1 held out
              backprop evaluate model.safetensors --seed 3 --json       the one that train --seed 3 held out
              backprop evaluate mnist.safetensors --data mnist          the 10,000 MNIST test images
              backprop evaluate flowers.safetensors --data new.csv      every row of a CSV file
            """);
        return command;
    }

    /// <summary>The argument MODEL, the same for each verb that reads one.</summary>
    internal static Argument<string> ModelArgument() =>
        new("MODEL") { Description = "A model file that train saved (safetensors with layers.0.weight, layers.0.bias, …)." };

    /// <summary>The option --part, the same for each verb that reads examples.</summary>
    internal static Option<Named<DataPart?>> PartOption() =>
        Options.Choice<DataPart?>(
            "--part",
            "The part of the examples to take, as train divides them; auto takes the test part, and a CSV file whole.",
            "auto",
            new("auto", null),
            new("training", DataPart.Training),
            new("validation", DataPart.Validation),
            new("test", DataPart.Test),
            new("all", DataPart.All));

    /// <summary>The option --seed for verbs that only divide examples with it.</summary>
    internal static Option<ulong> SplitSeed() =>
        Options.Seed("The seed of the training run, which decided its split: needed to find the same test part again.");

    private static int Run(
        CommandContext context, string modelPath, DataSource source, DataPart? chosenPart, ulong seed, int threads, bool json)
    {
        DataPart part = chosenPart ?? source.DefaultPart;
        Network network = ModelFile.Load(modelPath);
        if (network.OutputSize > Evaluator.MostClasses)
        {
            throw new InputException(
                $"'{modelPath}' is a network {Format.Layers(network.Layers)} with {network.OutputSize} outputs; expected at most "
                + $"{Evaluator.MostClasses}, for the confusion matrix");
        }

        LabelledExamples examples = ModelFile.Fit(network, modelPath, source.LoadPart(part, seed), source.Name);
        Evaluation evaluation = Evaluator.Evaluate(network, examples, threads);
        if (json)
        {
            Reports.Write(Report(modelPath, network, source, part, evaluation), context.Output);
            return ExitCode.Success;
        }

        string what = part == DataPart.All ? "all examples" : $"{part.ToString().ToLowerInvariant()} part";
        context.Output.WriteLine($"{modelPath}: {Format.Layers(network.Layers)}, {Format.Count(network.ParameterCount)} parameters");
        context.Output.WriteLine($"{source.Name}, {what}: {Format.Plural(evaluation.Count, "example")}");
        context.Output.WriteLine(Invariant($"accuracy {Format.Percent(evaluation.Accuracy)}, cost {Format.Cost(evaluation.Cost)}"));
        ConfusionTable.Write(evaluation, context.Output);
        return ExitCode.Success;
    }

    private static EvaluateReport Report(string modelPath, Network network, DataSource source, DataPart part, Evaluation evaluation) => new(
        modelPath,
        network.Layers.ToArray(),
        source.Name,
        part.ToString().ToLowerInvariant(),
        evaluation.Count,
        evaluation.Cost,
        evaluation.Accuracy,
        [.. evaluation.Confusion.Chunk(evaluation.Classes)]);
}
