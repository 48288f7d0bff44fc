using System.CommandLine;
using System.Globalization;
using Backprop.Cli.Output;
using Backprop.Data;
using Backprop.Networks;

namespace Backprop.Cli.Commands;

/// <summary><c>backprop predict</c>: class and probabilities of each example, as CSV or as JSON lines.</summary>
internal static class PredictCommand
{
    // Enough rows for the kernels to work at full width; few enough that output starts at once.
    private const int BatchRows = 128;

    internal static Command Create(CommandContext context)
    {
        Argument<string> model = EvaluateCommand.ModelArgument();
        Option<string> data = Options.Data("Labelled examples to predict:");
        Option<Named<DataPart?>> part = EvaluateCommand.PartOption();
        Option<ulong> seed = EvaluateCommand.SplitSeed();
        Option<string?> input = new("--input")
        {
            Description = "A CSV file of examples without class: a column per input of the network. Takes the place of --data.",
            HelpName = "FILE.csv",
        };
        Option<int?> count = Options.OptionalWholeNumber("--count", "Predict the first N examples only.", 1);
        Option<bool> json = Options.Json("Print a JSON object per example and line instead of CSV.");

        Command command = new("predict", "Print the class and the probabilities a model gives to each example.")
        {
            model, data, input, part, seed, count, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(input) is not null && result.GetResult(data) is { Implicit: false })
                result.AddError("--input and --data exclude each other; expected one of them");
        });
        command.SetAction(parsed =>
        {
            string modelPath = parsed.GetRequiredValue(model);
            Network network = ModelFile.Load(modelPath);
            Rows rows = parsed.GetValue(input) is { } inputPath
                ? new Rows(Csv.LoadInputs(inputPath, network.InputSize), null)
                : LoadLabelled(
                    network, modelPath, parsed.GetRequiredValue(data), parsed.GetRequiredValue(part).Value, parsed.GetValue(seed));
            int limit = Math.Min(parsed.GetValue(count) ?? int.MaxValue, rows.Inputs.Length / network.InputSize);
            RowWriter writer = parsed.GetValue(json)
                ? new JsonRows(context.Output)
                : new CsvRows(context.Output, rows.Classes is not null, network.OutputSize);
            Predict(network, rows, limit, writer);
            return ExitCode.Success;
        });
        command.AddHelp("""
            Output, one line per example after a header:
              index,class,actual,p0,p1,…    the most probable class, the class in the data, the probability of each class
            With --input there is no column 'actual'.

            Examples:
              backprop predict model.safetensors --count 5
              backprop predict model.safetensors --input pixels.csv > classes.csv
              backprop predict mnist.safetensors --data mnist --json
            """);
        return command;
    }

    private static Rows LoadLabelled(Network network, string modelPath, string data, DataPart? part, ulong seed)
    {
        DataSource source = DataSource.Parse(data);
        LabelledExamples examples = source.LoadPart(part ?? source.DefaultPart, seed);
        ModelFile.Fit(network, modelPath, examples, source.Name);
        return new Rows(examples.Inputs.ToArray(), examples.Classes.ToArray());
    }

    private static void Predict(Network network, Rows rows, int count, RowWriter writer)
    {
        Workspace workspace = new(network, BatchRows);
        float[] probabilities = new float[BatchRows * network.OutputSize];
        for (int start = 0; start < count; start += BatchRows)
        {
            int batch = Math.Min(BatchRows, count - start);
            network.Predict(
                rows.Inputs.AsSpan(start * network.InputSize, batch * network.InputSize),
                batch,
                workspace,
                probabilities.AsSpan(0, batch * network.OutputSize));
            for (int row = 0; row < batch; row++)
            {
                writer.Write(
                    start + row, rows.Classes?[start + row], probabilities.AsSpan(row * network.OutputSize, network.OutputSize));
            }
        }
    }

    private static int MostProbable(ReadOnlySpan<float> probabilities)
    {
        int best = 0;
        for (int i = 1; i < probabilities.Length; i++)
        {
            if (probabilities[i] > probabilities[best])
                best = i;
        }

        return best;
    }

    /// <summary>Inputs row by row, and their classes where they are known.</summary>
    private sealed record Rows(float[] Inputs, int[]? Classes);

    private abstract class RowWriter
    {
        internal abstract void Write(int index, int? actual, ReadOnlySpan<float> probabilities);
    }

    private sealed class JsonRows(TextWriter writer) : RowWriter
    {
        internal override void Write(int index, int? actual, ReadOnlySpan<float> probabilities) =>
            Reports.Write(new PredictReport(index, MostProbable(probabilities), actual, probabilities.ToArray()), writer);
    }

    private sealed class CsvRows : RowWriter
    {
        private readonly TextWriter _writer;

        internal CsvRows(TextWriter writer, bool withActual, int outputs)
        {
            _writer = writer;
            string probabilities = string.Join(',', Enumerable.Range(0, outputs).Select(i => "p" + i));
            writer.WriteLine("index,class," + (withActual ? "actual," : "") + probabilities);
        }

        internal override void Write(int index, int? actual, ReadOnlySpan<float> probabilities)
        {
            string line = string.Create(CultureInfo.InvariantCulture, $"{index},{MostProbable(probabilities)}");
            if (actual is { } known)
                line += string.Create(CultureInfo.InvariantCulture, $",{known}");
            foreach (float probability in probabilities)
                line += string.Create(CultureInfo.InvariantCulture, $",{probability}");
            _writer.WriteLine(line);
        }
    }
}
