using System.Globalization;
using Backprop.Data;
using Backprop.Training;
using static System.FormattableString;

namespace Backprop.Formats;

/// <summary>The metadata of a checkpoint: what it says beside the tensors, and the checks on it.</summary>
internal sealed class CheckpointFields
{
    private const string FormatName = "format";
    private const string FormatValue = "backprop checkpoint 1";
    private const string OptionPrefix = "option.";
    private const string ReportPrefix = "report.";
    private const string NotePrefix = "note.";
    private const string Nothing = "none";

    private readonly IReadOnlyDictionary<string, string> _metadata;
    private readonly string _path;

    /// <summary>Takes the metadata of a file.</summary>
    /// <exception cref="InvalidDataException">It is no checkpoint of this version.</exception>
    public CheckpointFields(IReadOnlyDictionary<string, string> metadata, string path)
    {
        _metadata = metadata;
        _path = path;
        if (Read(FormatName) != FormatValue) throw Error(FormatName, $"\"{FormatValue}\"");
    }

    /// <summary>What the caller noted.</summary>
    public IReadOnlyDictionary<string, string> Notes =>
        _metadata.Where(pair => pair.Key.StartsWith(NotePrefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[NotePrefix.Length..], pair => pair.Value, StringComparer.Ordinal);

    /// <summary>All fields, in the order in which they are written.</summary>
    public static SortedDictionary<string, string> Format(Trainer trainer, IReadOnlyDictionary<string, string> notes)
    {
        TrainingState state = trainer.State;
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [FormatName] = FormatValue,
            ["layers"] = Layers(trainer),
            ["data"] = state.ComputeDataSha256(),
            ["epochs"] = Invariant($"{state.Reports.Count}"),
            ["step"] = Invariant($"{state.Step}"),
            ["cost"] = Invariant($"{state.TotalCost:R}"),
            ["weight"] = Invariant($"{state.TotalWeight:R}"),
            ["correct"] = Invariant($"{state.Correct}"),
            ["seconds"] = Invariant($"{state.Seconds:R}"),
            ["updates"] = Invariant($"{trainer.Memory.Steps}"),
        };
        foreach ((string name, string value) in trainer.Options.Describe()) fields[OptionPrefix + name] = value;
        foreach (EpochReport report in state.Reports) fields[Invariant($"{ReportPrefix}{report.Epoch}")] = Format(report);
        foreach ((string name, string value) in notes) fields[NotePrefix + name] = value;
        return fields;
    }

    /// <summary>Refuses a trainer that would not go on to the same bits.</summary>
    /// <exception cref="ArgumentException">Layers or an option are others.</exception>
    public void RequireSame(Trainer trainer)
    {
        RequireSame("layers", Read("layers"), Layers(trainer));
        foreach ((string name, string value) in trainer.Options.Describe()) RequireSame(name, Read(OptionPrefix + name), value);
    }

    /// <summary>The state that the fields describe, and how many steps the optimiser has taken.</summary>
    /// <exception cref="InvalidDataException">A field is missing or out of its range.</exception>
    public (TrainingState State, int Updates) ReadState()
    {
        int epochs = ReadCount("epochs");
        var state = new TrainingState
        {
            Step = ReadCount("step"),
            TotalCost = ReadNumber("cost"),
            TotalWeight = ReadNumber("weight"),
            Correct = ReadCount("correct"),
            Seconds = ReadNumber("seconds"),
            DataSha256 = Read("data"),
        };
        if (state.Step > 0 != state.TotalWeight > 0) throw Error("weight", "more than 0 if and only if an epoch is under way");
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            EpochReport report = ReadReport(epoch);
            state.Reports.Add(report);
            state.Best.Consider(report);
        }
        return (state, ReadCount("updates"));
    }

    private static string Layers(Trainer trainer) => string.Join('-', trainer.Network.Layers.ToArray());

    private static string Format(EpochReport report)
    {
        double?[] numbers =
        [
            report.TrainCost, report.TrainAccuracy, report.ValidationCost, report.ValidationAccuracy, report.Seconds, report.SamplesPerSecond,
        ];
        return string.Join(' ', numbers.Select(number => number is { } value ? Invariant($"{value:R}") : Nothing));
    }

    private EpochReport ReadReport(int epoch)
    {
        string name = Invariant($"{ReportPrefix}{epoch}");
        string[] words = Read(name).Split(' ');
        if (words.Length != 6) throw Error(name, "six numbers");
        double?[] numbers = Array.ConvertAll<string, double?>(words, word => word == Nothing ? null : Parse(name, word));
        if (numbers[0] is not { } cost || numbers[1] is not { } accuracy || numbers[4] is not { } seconds || numbers[5] is not { } rate
            || accuracy > 1 || numbers[3] > 1 || (numbers[2] is null) != (numbers[3] is null))
        {
            throw Error(name, "a cost and an accuracy, twice, the second may be none, seconds and examples a second");
        }
        return new EpochReport(epoch, cost, accuracy, numbers[2], numbers[3], seconds, rate);
    }

    private void RequireSame(string name, string saved, string given)
    {
        if (saved != given)
            throw new ArgumentException($"{name}: {_path} was saved with {saved}, the training to go on has {given}; expected the same", name);
    }

    private string Read(string name) => _metadata.TryGetValue(name, out string? value) ? value : throw Error(name, "it");

    private int ReadCount(string name) =>
        int.TryParse(Read(name), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? count
            : throw Error(name, "a whole number from 0");

    private double ReadNumber(string name) => Parse(name, Read(name));

    private double Parse(string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && value >= 0
            ? value
            : throw Error(name, "a finite number, 0 or more");

    private InvalidDataException Error(string name, string expected)
    {
        string found = _metadata.TryGetValue(name, out string? value) ? InputFile.Quote(value) : "missing";
        return InputFile.Error(_path, $"metadata {name}: {found}; expected {expected}");
    }
}
