using Backprop.Cli.Output;
using Backprop.Formats;
using Backprop.Networks;
using Backprop.Simd;
using Backprop.Training;
using static System.FormattableString;

namespace Backprop.Cli.Commands;

/// <summary>One run of <c>train</c>: checks what can be checked first, then loads, trains, measures, saves, reports.</summary>
internal sealed class TrainingRun(CommandContext context, TrainSettings settings)
{
    private const string DefaultModelName = "model.safetensors";

    // With --json standard output carries the one JSON line and nothing else.
    private readonly TextWriter _messages = settings.Json ? context.Error : context.Output;

    private readonly string _modelPath = settings.Out ?? OutputFile.FirstFree(DefaultModelName);

    private TrainingOptions Options => settings.Training;

    internal int Execute()
    {
        CheckOutputs();
        DataSource source = DataSource.Parse(settings.Data);
        DataSplit data = source.LoadSplit(Options.Seed);
        CheckClasses(source, data.Training.ClassCount);
        int[] layers = [data.Training.Features, .. settings.Hidden, data.Training.ClassCount];
        Network network = InputException.Blame("--hidden", string.Join(',', settings.Hidden), () => new Network(layers));
        Initializer.Initialize(network, settings.Init.Value, Options.Seed);
        Trainer trainer = CreateTrainer(network, data.Training.Count);
        Announce(source, data, network);

        TestAtBestEpoch best = new(network, data.Test, Options.Threads);
        TrainingDisplay display = TrainingDisplay.For(Terminal.Create(_messages), Options.Epochs);
        TrainingResult result;
        try
        {
            result = Train(trainer, data, display, best);
        }
        catch (OperationCanceledException)
        {
            return SaveInterrupted(network, display.FinishedEpochs);
        }

        Evaluation test = Evaluator.Evaluate(network, data.Test, Options.Threads);
        SafetensorsModel.Save(network, _modelPath);
        if (settings.Plot is { } plot)
            TrainingPlot.Write(plot, result.Epochs, Caption(source, network, best));
        Report(source, data, network, result, best, test);
        return ExitCode.Success;
    }

    private void CheckOutputs()
    {
        OutputFile.CheckWritable("--out", _modelPath);
        OutputFile.CheckWritable("--out", InterruptedPath());
        if (settings.Plot is not { } plot)
            return;

        TrainingPlot.CheckExtension("--plot", plot);
        OutputFile.CheckWritable("--plot", plot);
        if (Path.GetFullPath(plot) == Path.GetFullPath(_modelPath))
            throw new InputException($"--plot: '{plot}' is where the model goes; expected another file");
    }

    private static void CheckClasses(DataSource source, int count)
    {
        if (count < 2)
            throw new InputException($"--data: '{source.Name}' has {Format.Plural(count, "class")}; expected at least 2");
    }

    // A batch beyond all examples is all examples: memory for more would never be used.
    private Trainer CreateTrainer(Network network, int examples)
    {
        TrainingOptions options = Options with { BatchSize = Math.Min(Options.BatchSize, examples) };
        return InputException.Blame("--batch", Format.Count(Options.BatchSize), () => new Trainer(network, options));
    }

    private void Announce(DataSource source, DataSplit data, Network network)
    {
        _messages.WriteLine(
            $"{source.Name}: {Format.Count(data.Training.Count)} training, {Format.Count(data.Validation.Count)} validation and "
            + $"{Format.Count(data.Test.Count)} test examples, {data.Training.Features} inputs, {data.Training.ClassCount} classes");
        _messages.WriteLine(Invariant(
            $"network {Format.Layers(network.Layers)}, {network.ParameterCount:#,0} parameters, ")
            + Invariant($"{settings.Init} initialisation, seed {Options.Seed}"));
        _messages.WriteLine(Invariant(
            $"batch {Options.BatchSize}, learning rate {Options.LearningRate}, momentum {Options.Momentum}, L2 {Options.L2}, ")
            + $"{Format.Plural(Options.Threads, "thread")}, {SimdSupport.Current.ToName()}; Ctrl+C stops");
    }

    private TrainingResult Train(Trainer trainer, DataSplit data, TrainingDisplay display, TestAtBestEpoch best)
    {
        using InterruptSignal interrupt = new(context.Cancellation);
        return display.Run(() => trainer.Train(
            data.Training,
            data.Validation,
            display.Progress,
            report =>
            {
                display.EpochFinished(report);
                best.Consider(report);
            },
            interrupt.Token));
    }

    private string InterruptedPath() => OutputFile.FirstFree(OutputFile.InsertBeforeExtension(_modelPath, ".interrupted"));

    private int SaveInterrupted(Network network, int finishedEpochs)
    {
        string path = InterruptedPath();
        SafetensorsModel.Save(network, path);
        context.Error.WriteLine(Format.OneLine(
            $"backprop: interrupted in epoch {finishedEpochs + 1} of {Options.Epochs}; the network as it stood is in {path}, "
            + $"{_modelPath} was not written"));
        return ExitCode.Interrupted;
    }

    private PlotCaption Caption(DataSource source, Network network, TestAtBestEpoch best) => new(
        Invariant($"{Path.GetFileName(Path.TrimEndingDirectorySeparator(source.Name))}, {Format.Layers(network.Layers)}, ")
        + Invariant($"batch {Options.BatchSize}, learning rate {Options.LearningRate}, seed {Options.Seed}"),
        best.Epoch,
        best.Accuracy);

    private void Report(DataSource source, DataSplit data, Network network, TrainingResult result, TestAtBestEpoch best, Evaluation test)
    {
        EpochReport last = result.Epochs[^1];
        string digest = network.ComputeSha256();
        _messages.WriteLine(
            $"test accuracy {Format.Percent(test.Accuracy)} of {Format.Count(test.Count)} examples, cost {Format.Cost(test.Cost)}");
        if (best.Accuracy is { } testAtBest)
            _messages.WriteLine(Invariant($"at the best validation epoch, {best.Epoch}: test accuracy {Format.Percent(testAtBest)}"));
        _messages.WriteLine(
            $"{Format.Plural(result.Epochs.Count, "epoch")} in {Format.Duration(TimeSpan.FromSeconds(result.Seconds))}, "
            + $"{Format.Count(result.SamplesPerSecond)} examples/s");
        _messages.WriteLine($"SHA-256 of the parameters: {digest}");
        if (settings.Plot is { } plot)
            _messages.WriteLine($"plot: {plot}");
        _messages.WriteLine($"model: {_modelPath}");
        _messages.WriteLine($"evaluate it on the test part: backprop evaluate {_modelPath}{EvaluateOptions(source)}");

        if (!settings.Json)
            return;

        Reports.Write(
            new TrainReport(
                source.Name,
                network.Layers.ToArray(),
                network.ParameterCount,
                result.Epochs.Count,
                Options.BatchSize,
                Options.LearningRate,
                Options.Momentum,
                Options.L2,
                settings.Init.Text,
                Options.Seed,
                Options.Threads,
                SimdSupport.Current.ToName(),
                data.Training.Count,
                data.Validation.Count,
                data.Test.Count,
                result.Seconds,
                result.SamplesPerSecond,
                last.TrainCost,
                last.TrainAccuracy,
                last.ValidationCost,
                last.ValidationAccuracy,
                test.Cost,
                test.Accuracy,
                best.Epoch,
                best.Accuracy,
                digest,
                _modelPath,
                settings.Plot),
            context.Output);
    }

    // The options with which evaluate finds the same test part again.
    private string EvaluateOptions(DataSource source)
    {
        string options = source.Name == DataSource.DigitsName ? "" : $" --data {source.Name}";
        if (source.DefaultPart != DataPart.Test)
            options += " --part test";
        return source.IsShuffled && Options.Seed != 1 ? Invariant($"{options} --seed {Options.Seed}") : options;
    }
}
