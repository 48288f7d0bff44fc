using System.Globalization;

namespace Backprop.Data;

/// <summary>Labelled examples from text: one example a line, numbers separated by commas, the class in the last column.</summary>
/// <remarks>
/// Numbers are written with a decimal point whatever the user's culture, optionally with an exponent and with spaces around them.
/// A class is a whole number from 0; <c>3</c>, <c>3.0</c> and <c>3e0</c> are the same class. The first line is a header, and skipped,
/// if its first field is not a number. Blank lines may follow the last example. The file may be gzipped, whatever its name. Values
/// are taken as they are: scaling is the caller's business.
/// </remarks>
public static class Csv
{
    /// <summary>The largest class; a number above it is far more likely to be a measurement in the wrong column.</summary>
    private const int LargestClass = 65_535;

    /// <summary>Reads a file; the features are all columns but the last, the number of classes is 1 + the largest class.</summary>
    /// <param name="path">The file, gzipped or not.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file holds no example, a line has another number of columns than the first, a field is not a finite number, or a class is
    /// not a whole number of 0 … 65,535. The message starts with the file and the line.
    /// </exception>
    public static LabelledExamples Load(string path)
    {
        using DataReader file = DataReader.Open(path);
        return Read(file);
    }

    /// <summary>Reads from an open file.</summary>
    internal static LabelledExamples Read(DataReader file)
    {
        var lines = new LineReader(file);
        var inputs = new List<float>();
        var classes = new List<int>();
        int columns = 0;
        int blankLine = 0;
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (IsBlank(line))
            {
                if (blankLine == 0) blankLine = lines.Number;
                continue;
            }
            if (blankLine != 0) throw file.Error($"line {blankLine}: blank, with line {lines.Number} after it; expected numbers");
            if (columns == 0)
            {
                columns = CountColumns(file, lines.Number, line);
                if (IsHeader(line)) continue;
            }
            ReadExample(file, lines.Number, line, columns, inputs, classes);
        }
        if (classes.Count == 0) throw file.Error("holds no example; expected lines of numbers with the class in the last column");
        return new LabelledExamples([.. inputs], [.. classes], columns - 1, classes.Max() + 1);
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => !line.ContainsAnyExcept((byte)' ', (byte)'\t');

    private static bool IsHeader(ReadOnlySpan<byte> line) => !TryParse(line[..line.IndexOf((byte)',')], out float _);

    private static int CountColumns(DataReader file, int number, ReadOnlySpan<byte> line)
    {
        int columns = line.Count((byte)',') + 1;
        return columns >= 2
            ? columns
            : throw file.Error(
                $"line {number}: {InputFile.Quote(line)} is one column; expected 2 or more, separated by commas, the last the class");
    }

    private static void ReadExample(
        DataReader file, int number, ReadOnlySpan<byte> line, int columns, List<float> inputs, List<int> classes)
    {
        int actual = line.Count((byte)',') + 1;
        if (actual != columns)
        {
            throw file.Error(
                $"line {number}: {actual} columns; expected {columns} as in the first line (a comma separates columns, never decimals)");
        }
        if (inputs.Count > Array.MaxLength - columns)
            throw file.Error($"line {number}: {inputs.Count} numbers are read; expected no more than {Array.MaxLength}");
        int column = 0;
        foreach (Range range in line.Split((byte)','))
        {
            column++;
            ReadOnlySpan<byte> field = line[range];
            if (column < columns)
                inputs.Add(ParseInput(file, number, column, field));
            else
                classes.Add(ParseClass(file, number, column, field));
        }
    }

    private static float ParseInput(DataReader file, int number, int column, ReadOnlySpan<byte> field)
    {
        string? problem = !TryParse(field, out float value) ? "is not a number; expected one such as -0.5 or 1e-3"
            : !float.IsFinite(value) ? "is not finite; expected a number of at most ±3.4e38"
            : null;
        return problem is null ? value : throw file.Error($"line {number}, column {column}: {InputFile.Quote(field)} {problem}");
    }

    private static int ParseClass(DataReader file, int number, int column, ReadOnlySpan<byte> field)
    {
        // A float holds every whole number up to 2²⁴, so no class of the range is rounded to another.
        return TryParse(field, out float value) && value is >= 0 and <= LargestClass && float.IsInteger(value)
            ? (int)value
            : throw file.Error(
                $"line {number}, column {column}: class {InputFile.Quote(field)}; expected a whole number of 0 … {LargestClass}");
    }

    private static bool TryParse(ReadOnlySpan<byte> field, out float value) =>
        float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
