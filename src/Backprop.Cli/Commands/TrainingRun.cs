using Backprop.Cli.Output;
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
        DataSplit data = FirstExamples(source.LoadSplit(Options.Seed));
        CheckClasses(source, data.Training.ClassCount);
        int[] layers = [data.Training.Features, .. settings.Hidden, data.Training.ClassCount];
        Network network = InputException.Blame("--hidden", string.Join(',', settings.Hidden), () => new Network(layers));
        Initializer.Initialize(network, settings.Init.Value, Options.Seed);
        Trainer trainer = CreateTrainer(network, data.Training.Count);
        CheckpointFile checkpoint = new(trainer, settings, context.Error);
        IReadOnlyList<EpochReport> before = checkpoint.Resume(data);
        Announce(source, data, network, before.Count);

        TrainingDisplay display = TrainingDisplay.For(Terminal.Create(_messages), Options.Epochs, before.Count);
        TrainingResult result;
        using (InterruptSignal interrupt = new(context.Cancellation))
        {
            try
            {
                result = Train(trainer, data, display, checkpoint, before, interrupt.Token);
            }
            catch (OperationCanceledException)
            {
                SaveInterrupted(network, display.FinishedEpochs, checkpoint);
                return interrupt.ExitCode;
            }
        }

        TrainedModel model = TrainedModel.Save(network, _modelPath, context.Error);
        Measured measured = Measure(network, data, result);
        bool isDrawn = Draw(source, network, result, measured.TestAtBest);
        Report(source, data, network, result, measured, model);
        return model.IsWhereAsked && isDrawn ? ExitCode.Success : ExitCode.BadInput;
    }

    private Measured Measure(Network network, DataSplit data, TrainingResult result) => new(
        Evaluator.Evaluate(network, data.Test, Options.Threads),
        Evaluator.Accuracy(network, data.Training, Options.Threads),
        result.Best is { } best ? Evaluator.Accuracy(best, data.Test, Options.Threads) : null);

    private void CheckOutputs()
    {
        List<(string Option, string Path)> files = [("--out", _modelPath), ("--out", InterruptedPath())];
        if (settings.Plot is { } plot)
        {
            PlotFile.CheckExtension("--plot", plot);
            files.Add(("--plot", plot));
        }

        if (settings.Metrics is { } metrics)
            files.Add(("--metrics", metrics));
        if (settings.Checkpoint is { } checkpoint)
            files.Add(("--checkpoint", checkpoint));
        OutputFile.CheckWritable(files, Inputs());
    }

    // A checkpoint may take the place of the one it goes on from.
    private IEnumerable<(string Option, string Path)> Inputs()
    {
        if (settings.Data != DataSource.DigitsName)
            yield return ("--data", settings.Data);
        if (settings.Resume is { } resume && (settings.Checkpoint is null || Path.GetFullPath(resume) != Path.GetFullPath(settings.Checkpoint)))
            yield return ("--resume", resume);
    }

    private DataSplit FirstExamples(DataSplit data)
    {
        if (settings.TrainCount is not { } count)
            return data;
        if (count > data.Training.Count)
            throw new InputException(Invariant($"--train-count: expected at most {data.Training.Count} training examples, got {count}"));
        return data with { Training = data.Training.Slice(0, count) };
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
        try
        {
            return new Trainer(network, options);
        }
        catch (ArgumentException problem) when (OptionOf(problem.ParamName) is { } option)
        {
            throw InputException.For(option, problem);
        }
        catch (OutOfMemoryException)
        {
            throw new InputException($"--batch: '{Format.Count(Options.BatchSize)}' needs more memory than there is");
        }
    }

    // The options that the library refuses only together with others, or with this network.
    private static string? OptionOf(string? name) => name switch
    {
        "maximumRows" => "--batch",
        nameof(TrainingOptions.Momentum) => "--momentum",
        nameof(TrainingOptions.L2) => "--l2",
        nameof(TrainingOptions.Epsilon) => "--epsilon",
        nameof(TrainingOptions.Schedule) => "--warm-up",
        nameof(TrainingOptions.ClassWeights) => "--class-weights",
        nameof(TrainingOptions.MaximumGradientNorm) => "--clip",
        _ => null,
    };

    private void Announce(DataSource source, DataSplit data, Network network, int epochsBefore)
    {
        _messages.WriteLine(
            $"{source.Name}: {Format.Count(data.Training.Count)} training, {Format.Count(data.Validation.Count)} validation and "
            + $"{Format.Count(data.Test.Count)} test examples, {data.Training.Features} inputs, {data.Training.ClassCount} classes");
        _messages.WriteLine(Invariant(
            $"network {Format.Layers(network.Layers)}, {network.ParameterCount:#,0} parameters, ")
            + Invariant($"{settings.Init} initialisation, seed {Options.Seed}"));
        _messages.WriteLine(Invariant(
            $"batch {Options.BatchSize}, {settings.Optimizer}, learning rate {Options.LearningRate} {Options.Schedule}, momentum {Options.Momentum}, L2 {Options.L2}, ")
            + $"{Format.Plural(Options.Threads, "thread")}, {SimdSupport.Current.ToName()}; Ctrl+C stops");
        if (settings.Resume is { } resume)
            _messages.WriteLine($"going on from {resume}, after {Format.Plural(epochsBefore, "whole epoch")}");
    }

    private TrainingResult Train(
        Trainer trainer,
        DataSplit data,
        TrainingDisplay display,
        CheckpointFile checkpoint,
        IReadOnlyList<EpochReport> before,
        CancellationToken cancellation)
    {
        using MetricsFile? metrics = MetricsFile.Create(settings.Metrics, context.Error);
        foreach (EpochReport report in before)
            metrics?.Write(report);
        return display.Run(() => trainer.Train(
            data.Training,
            data.Validation,
            display.Progress,
            report =>
            {
                checkpoint.EpochFinished(report.Epoch);
                metrics?.Write(report);
                display.EpochFinished(report);
            },
            cancellation));
    }

    private string InterruptedPath() => OutputFile.FirstFree(OutputFile.InsertBeforeExtension(_modelPath, ".interrupted"));

    private void SaveInterrupted(Network network, int finishedEpochs, CheckpointFile checkpoint)
    {
        string goingOn = checkpoint.Save() ? $"; to go on: the same command with --resume {settings.Checkpoint}" : "";
        TrainedModel model = TrainedModel.Save(network, InterruptedPath(), context.Error);
        context.Error.WriteLine(Format.OneLine(
            $"backprop: interrupted in epoch {finishedEpochs + 1} of {Options.Epochs}; the network as it stood is in {model.Path}, "
            + $"{_modelPath} was not written{goingOn}"));
    }

    private bool Draw(DataSource source, Network network, TrainingResult result, double? testAtBest)
    {
        if (settings.Plot is not { } plot)
            return true;
        try
        {
            TrainingPlot.Write(plot, result.Epochs, Caption(source, network, result.BestValidationEpoch, testAtBest));
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine(Format.OneLine($"backprop: {problem.Message}"));
            return false;
        }
    }

    private PlotCaption Caption(DataSource source, Network network, int bestEpoch, double? testAtBest) => new(
        Invariant($"{Path.GetFileName(Path.TrimEndingDirectorySeparator(source.Name))}, {Format.Layers(network.Layers)}, ")
        + Invariant($"batch {Options.BatchSize}, learning rate {Options.LearningRate}, seed {Options.Seed}"),
        bestEpoch,
        testAtBest);

    private void Report(
        DataSource source, DataSplit data, Network network, TrainingResult result, Measured measured, TrainedModel model)
    {
        Evaluation test = measured.Test;
        EpochReport last = result.Epochs[^1];
        string digest = network.ComputeSha256();
        _messages.WriteLine(
            $"test accuracy {Format.Percent(test.Accuracy)} of {Format.Count(test.Count)} examples, cost {Format.Cost(test.Cost)}");
        if (measured.TestAtBest is { } testAtBest)
            _messages.WriteLine(Invariant($"at the best validation epoch, {result.BestValidationEpoch}: test accuracy {Format.Percent(testAtBest)}"));
        if (result.Epochs.Count < Options.Epochs)
            _messages.WriteLine($"stopped early: no better validation accuracy in {Format.Plural(Options.Patience ?? 0, "epoch")}");
        _messages.WriteLine(
            $"{Format.Plural(result.Epochs.Count, "epoch")} in {Format.Duration(TimeSpan.FromSeconds(result.Seconds))}, "
            + $"{Format.Count(result.SamplesPerSecond)} examples/s");
        _messages.WriteLine($"SHA-256 of the parameters: {digest}");
        if (settings.Plot is { } plot)
            _messages.WriteLine($"plot: {plot}");
        if (settings.Metrics is { } metrics)
            _messages.WriteLine($"metrics: {metrics}");
        _messages.WriteLine($"model: {model.Path}");
        _messages.WriteLine($"evaluate it on the test part: backprop evaluate {model.Path}{EvaluateOptions(source)}");

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
                measured.TrainAccuracy,
                last.ValidationCost,
                last.ValidationAccuracy,
                test.Cost,
                test.Accuracy,
                result.BestValidationEpoch,
                measured.TestAtBest,
                digest,
                model.Path,
                settings.Plot,
                settings.Optimizer,
                Options.Schedule.ToString(),
                Options.Optimizer == Optimizer.AdamW ? Options.WeightDecay : null,
                Options.LabelSmoothing,
                Options.ClassWeights,
                Options.MaximumGradientNorm,
                Options.Patience,
                settings.Metrics,
                settings.Checkpoint,
                settings.Resume),
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

    /// <summary>What is measured when the training is over.</summary>
    private sealed record Measured(Evaluation Test, double TrainAccuracy, double? TestAtBest);
}
