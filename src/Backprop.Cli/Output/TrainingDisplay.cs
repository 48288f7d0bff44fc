using Backprop.Training;
using Spectre.Console;

namespace Backprop.Cli.Output;

/// <summary>Shows a training run as it goes: one line an epoch, and on a terminal a progress bar below them.</summary>
internal abstract class TrainingDisplay
{
    private TrainingProgress _latest;

    /// <summary>The latest report: where the run was when it ended.</summary>
    internal TrainingProgress Latest => _latest;

    internal static TrainingDisplay For(IAnsiConsole console) =>
        console.Profile.Capabilities is { Ansi: true, Interactive: true }
            ? new LiveDisplay(console)
            : new LineDisplay(console.Profile.Out.Writer);

    /// <summary>Runs <paramref name="training"/>, whose callbacks come to <see cref="Progress"/> and <see cref="EpochFinished"/>.</summary>
    internal abstract TrainingResult Run(Func<TrainingResult> training);

    internal virtual void Progress(TrainingProgress progress) => _latest = progress;

    internal abstract void EpochFinished(EpochReport report);

    /// <summary>The line of one finished epoch. Costs are means over the examples, in nats.</summary>
    protected string Describe(EpochReport report)
    {
        string epochs = Format.Count(_latest.Epochs);
        string line = $"epoch {Format.Count(report.Epoch).PadLeft(epochs.Length)}/{epochs}"
            + $"   cost {Format.Cost(report.TrainCost)}   accuracy {Format.Percent(report.TrainAccuracy),8}";
        if (report.ValidationAccuracy is { } validation)
            line += $"   validation {Format.Percent(validation),8}";
        line += $"   {Format.Count(report.SamplesPerSecond),9} examples/s";
        return report.Epoch == _latest.Epochs ? line : line + $"   {Format.Duration(_latest.Remaining)} left";
    }

    private sealed class LineDisplay(TextWriter writer) : TrainingDisplay
    {
        internal override TrainingResult Run(Func<TrainingResult> training) => training();

        internal override void EpochFinished(EpochReport report) => writer.WriteLine(Describe(report));
    }

    private sealed class LiveDisplay(IAnsiConsole console) : TrainingDisplay
    {
        private ProgressTask? _task;

        internal override TrainingResult Run(Func<TrainingResult> training) =>
            console.Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
                .Start(context =>
                {
                    _task = context.AddTask("starting");
                    return training();
                });

        internal override void Progress(TrainingProgress progress)
        {
            base.Progress(progress);
            _task!.MaxValue = (double)progress.Epochs * progress.Examples;
            _task.Value = ((progress.Epoch - 1.0) * progress.Examples) + progress.ExamplesDone;
            _task.Description = $"epoch {Format.Count(progress.Epoch)}/{Format.Count(progress.Epochs)}, cost {Format.Cost(progress.RunningCost)}, "
                + $"{Format.Count(progress.SamplesPerSecond)} examples/s, {Format.Duration(progress.Remaining)} left";
        }

        internal override void EpochFinished(EpochReport report) => console.WriteLine(Describe(report));
    }
}
