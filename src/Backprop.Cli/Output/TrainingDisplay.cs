using System.Diagnostics;
using Backprop.Training;
using Spectre.Console;

namespace Backprop.Cli.Output;

/// <summary>Shows a training run as it goes: one line an epoch, and on a terminal a progress bar below them.</summary>
internal abstract class TrainingDisplay(int epochs, int epochsBefore)
{
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private int _reported;

    /// <summary>How many epochs were reported.</summary>
    internal int FinishedEpochs => Math.Max(epochsBefore, _reported);

    /// <summary>A display of so many epochs, of which some may have been reported before the training went on.</summary>
    internal static TrainingDisplay For(IAnsiConsole console, int epochs, int epochsBefore = 0) =>
        console.Profile.Capabilities is { Ansi: true, Interactive: true }
            ? new LiveDisplay(console, epochs, epochsBefore)
            : new LineDisplay(console.Profile.Out.Writer, epochs, epochsBefore);

    /// <summary>Runs <paramref name="training"/>, whose callbacks come to <see cref="Progress"/> and <see cref="EpochFinished"/>.</summary>
    internal abstract TrainingResult Run(Func<TrainingResult> training);

    internal abstract void Progress(TrainingProgress progress);

    internal void EpochFinished(EpochReport report)
    {
        _reported = report.Epoch;
        WriteLine(Describe(report));
    }

    protected abstract void WriteLine(string line);

    // Costs are means over the examples, in nats. The time left counts everything, evaluation as well as steps.
    private string Describe(EpochReport report)
    {
        string total = Format.Count(epochs);
        string line = $"epoch {Format.Count(report.Epoch).PadLeft(total.Length)}/{total}"
            + $"   cost {Format.Cost(report.TrainCost)}   accuracy {Format.Percent(report.TrainAccuracy),8}";
        if (report.ValidationAccuracy is { } validation)
            line += $"   validation {Format.Percent(validation),8}";
        line += $"   {Format.Duration(TimeSpan.FromSeconds(report.Seconds)),7}   {Format.Count(report.SamplesPerSecond),9} examples/s";
        TimeSpan left = _elapsed.Elapsed / (report.Epoch - epochsBefore) * (epochs - report.Epoch);
        return report.Epoch == epochs ? line : $"{line}   {Format.Duration(left)} left";
    }

    private sealed class LineDisplay(TextWriter writer, int epochs, int epochsBefore) : TrainingDisplay(epochs, epochsBefore)
    {
        internal override TrainingResult Run(Func<TrainingResult> training) => training();

        internal override void Progress(TrainingProgress progress)
        {
            // A file gets a line an epoch and nothing between.
        }

        protected override void WriteLine(string line) => writer.WriteLine(line);
    }

    private sealed class LiveDisplay(IAnsiConsole console, int epochs, int epochsBefore) : TrainingDisplay(epochs, epochsBefore)
    {
        private ProgressTask? _task;

        internal override TrainingResult Run(Func<TrainingResult> training) =>
            console.Progress()
                .AutoClear(true)
                .Columns(
                    new TaskDescriptionColumn { Alignment = Justify.Left },
                    new ProgressBarColumn { Width = 20 },
                    new PercentageColumn())
                .Start(context =>
                {
                    _task = context.AddTask("starting");
                    return training();
                });

        internal override void Progress(TrainingProgress progress)
        {
            _task!.MaxValue = (double)progress.Epochs * progress.Examples;
            _task.Value = ((progress.Epoch - 1.0) * progress.Examples) + progress.ExamplesDone;
            _task.Description = $"epoch {Format.Count(progress.Epoch)}/{Format.Count(progress.Epochs)}, "
                + $"cost {Format.Cost(progress.RunningCost)}, {Format.Count(progress.SamplesPerSecond)} examples/s, "
                + $"{Format.Duration(progress.Remaining)} left";
        }

        protected override void WriteLine(string line) => console.WriteLine(line);
    }
}
