using Backprop.Cli.Output;
using Backprop.Data;

namespace Backprop.Cli;

/// <summary>A part of the examples of a data source.</summary>
internal enum DataPart
{
    Training,
    Validation,
    Test,
    All,
}

/// <summary>Examples to learn from, to choose the best epoch with, and to measure on.</summary>
internal sealed record DataSplit(LabelledExamples Training, LabelledExamples Validation, LabelledExamples Test);

/// <summary>
/// What <c>--data</c> names, and how it is divided. Digits and CSV files: shuffled with the seed, the last fifth is the test part, and
/// of the rest the last tenth is the validation part. IDX folders: the test files are the test part, and of the training files, in
/// their order, the last sixth is the validation part (MNIST: 50,000 and 10,000).
/// </summary>
internal sealed class DataSource
{
    internal const string DigitsName = "digits";

    // The smallest file of which a fifth, and a tenth of what is left, is at least one example.
    private const int SmallestSplit = 12;

    // The fewest training images of which a sixth is at least one.
    private const int SmallestFolder = 6;

    private readonly Kind _kind;

    private DataSource(Kind kind, string name)
    {
        _kind = kind;
        Name = name;
    }

    private enum Kind
    {
        Digits,
        Folder,
        Csv,
    }

    /// <summary>What the user wrote.</summary>
    internal string Name { get; }

    /// <summary>The part that <c>evaluate</c> and <c>predict</c> take when the user names none: of a CSV file the whole.</summary>
    internal DataPart DefaultPart => _kind == Kind.Csv ? DataPart.All : DataPart.Test;

    /// <summary>Whether the parts depend on the seed.</summary>
    internal bool IsShuffled => _kind != Kind.Folder;

    internal static DataSource Parse(string name)
    {
        if (name == DigitsName)
            return new DataSource(Kind.Digits, name);
        if (Directory.Exists(name))
            return new DataSource(Kind.Folder, name);
        if (File.Exists(name))
            return new DataSource(Kind.Csv, name);
        throw new InputException(
            $"--data: '{name}' does not exist; expected '{DigitsName}', a folder with the four MNIST files, or a CSV file");
    }

    /// <summary>Loads and divides the examples.</summary>
    internal DataSplit LoadSplit(ulong seed)
    {
        switch (_kind)
        {
            case Kind.Digits:
                return SplitShuffled(Digits.Load(), seed);
            case Kind.Csv:
                return SplitShuffled(Csv.Load(Name), seed);
            default:
                return SplitFolder(Idx.LoadFolder(Name));
        }
    }

    /// <summary>Loads one part of the examples; <see cref="DataPart.All"/> comes in the order of the file.</summary>
    internal LabelledExamples LoadPart(DataPart part, ulong seed)
    {
        if (part == DataPart.All)
            return LoadAll();

        DataSplit split = LoadSplit(seed);
        return part switch
        {
            DataPart.Training => split.Training,
            DataPart.Validation => split.Validation,
            _ => split.Test,
        };
    }

    private LabelledExamples LoadAll()
    {
        switch (_kind)
        {
            case Kind.Digits:
                return Digits.Load();
            case Kind.Csv:
                return Csv.Load(Name);
            default:
                IdxFolder folder = Idx.LoadFolder(Name);
                return new LabelledExamples(
                    [.. folder.Train.Inputs, .. folder.Test.Inputs],
                    [.. folder.Train.Classes, .. folder.Test.Classes],
                    folder.Train.Features,
                    folder.Train.ClassCount);
        }
    }

    private DataSplit SplitFolder(IdxFolder folder)
    {
        if (folder.Train.Count < SmallestFolder)
        {
            throw new InputException(
                $"--data: '{Name}' has {Format.Plural(folder.Train.Count, "training image")}; expected at least {SmallestFolder}, "
                + "to hold out a validation part");
        }

        (LabelledExamples training, LabelledExamples validation) = folder.SplitTrain();
        return new DataSplit(training, validation, folder.Test);
    }

    private DataSplit SplitShuffled(LabelledExamples examples, ulong seed)
    {
        if (examples.Count < SmallestSplit)
        {
            throw new InputException(
                $"--data: '{Name}' has {Format.Plural(examples.Count, "example")}; expected at least {SmallestSplit}, "
                + "to hold out a test and a validation part");
        }

        (LabelledExamples rest, LabelledExamples test) = SplitLast(examples.Shuffle(seed), examples.Count / 5);
        (LabelledExamples training, LabelledExamples validation) = SplitLast(rest, rest.Count / 10);
        return new DataSplit(training, validation, test);
    }

    private static (LabelledExamples First, LabelledExamples Last) SplitLast(LabelledExamples examples, int lastCount) =>
        examples.Split(examples.Count - lastCount);
}
