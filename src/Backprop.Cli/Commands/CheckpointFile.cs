using Backprop.Cli.Output;
using Backprop.Formats;
using Backprop.Training;

namespace Backprop.Cli.Commands;

/// <summary>The checkpoints of one run: <c>--checkpoint</c>, <c>--checkpoint-every</c> and <c>--resume</c>.</summary>
internal sealed class CheckpointFile(Trainer trainer, TrainSettings settings, TextWriter errors)
{
    private const string InitNote = "init";

    /// <summary>Goes to where the checkpoint of <c>--resume</c> stood, if there is one; returns the reports of its whole epochs.</summary>
    internal IReadOnlyList<EpochReport> Resume(DataSplit data)
    {
        if (settings.Resume is not { } path)
            return [];
        IReadOnlyDictionary<string, string> notes;
        try
        {
            notes = Checkpoint.Load(path, trainer);
        }
        catch (ArgumentException problem)
        {
            throw new InputException($"--resume: {InputException.Describe(problem)}");
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new InputException($"--resume: {problem.Message}");
        }

        if (notes.TryGetValue(InitNote, out string? init) && init != settings.Init.Text)
            throw new InputException($"--resume: --init: {path} was saved with {init}, got {settings.Init.Text}; expected the same");
        RequireSameData(path, data);
        return trainer.Reports;
    }

    /// <summary>Now, not when the training goes on: by then the metrics of the run before would have been overwritten.</summary>
    private void RequireSameData(string path, DataSplit data)
    {
        try
        {
            trainer.State.Take(data.Training, data.Validation, trainer.Options);
        }
        catch (ArgumentException problem)
        {
            throw new InputException($"--resume: {path} is of other data: {InputException.Describe(problem)}");
        }
    }

    /// <summary>Saves after every so many epochs and after the last.</summary>
    internal void EpochFinished(int epoch)
    {
        if (epoch % settings.CheckpointEvery == 0 || epoch == settings.Training.Epochs)
            Save();
    }

    /// <summary>Saves where the training stands, if there is a place; a failure is told and ends nothing: the last good one stays.</summary>
    internal bool Save()
    {
        if (settings.Checkpoint is not { } path)
            return false;
        try
        {
            Checkpoint.Save(trainer, path, new Dictionary<string, string> { [InitNote] = settings.Init.Text });
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine(Format.OneLine($"backprop: no checkpoint: {problem.Message}"));
            return false;
        }
    }
}
