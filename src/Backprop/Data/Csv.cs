using System.Globalization;

namespace Backprop.Data;

/// <summary>Labelled examples from text: one example a line, numbers separated by commas, the class in the last column.</summary>
/// <remarks>
/// Numbers are written with a decimal point whatever the user's culture, optionally with an exponent and with spaces around them.
/// A class is a whole number from 0; <c>3</c>, <c>3.0</c> and <c>3e0</c> are the same class. The first line is a header, and skipped,
/// if none of its fields is a number. Blank lines may follow the last example. The file may be gzipped, whatever its name. Values
/// are taken as they are: scaling is the caller's business.
/// </remarks>
public static class Csv
{
    /// <summary>The largest class; a number above it is far more likely to be a year, a key or a measurement in the wrong column.</summary>
    private const int LargestClass = 999;

    /// <summary>Reads a file; the features are all columns but the last, the number of classes is 1 + the largest class.</summary>
    /// <param name="path">The file, gzipped or not.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file holds no example, a line has another number of columns than the first, a field is not a finite number, or a class is
    /// not a whole number of 0 … 999. The message starts with the file and the line.
    /// </exception>
    public static LabelledExamples Load(string path)
    {
        using DataReader file = DataReader.Open(path);
        return Read(file);
    }

    /// <summary>Reads a file of examples whose classes are not known: all columns are inputs.</summary>
    /// <param name="path">The file, gzipped or not.</param>
    /// <param name="columns">The numbers of an example, at least 1.</param>
    /// <returns>The inputs, row-major, one example a row of <paramref name="columns"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="columns"/> is under 1.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file holds no example, a line has another number of columns, or a field is not a finite number. The message starts with the
    /// file and the line.
    /// </exception>
    public static float[] LoadInputs(string path, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        using DataReader file = DataReader.Open(path);
        List<float> inputs = ReadLines(file, ref columns, classes: null);
        return inputs.Count > 0 ? [.. inputs] : throw file.Error($"holds no example; expected lines of {columns} numbers");
    }

    /// <summary>Reads from an open file.</summary>
    internal static LabelledExamples Read(DataReader file)
    {
        var classes = new List<int>();
        int columns = 0;
        List<float> inputs = ReadLines(file, ref columns, classes);
        if (classes.Count == 0) throw file.Error("holds no example; expected lines of numbers with the class in the last column");
        return new LabelledExamples([.. inputs], [.. classes], columns - 1, classes.Max() + 1);
    }

    /// <summary>
    /// Reads all lines into inputs and classes, or into inputs alone where <paramref name="classes"/> is null. Without classes the number
    /// of columns is known, else the first line decides it.
    /// </summary>
    private static List<float> ReadLines(DataReader file, ref int columns, List<int>? classes)
    {
        var lines = new LineReader(file);
        var inputs = new List<float>();
        bool isFirst = true;
        int blankLine = 0;
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (IsBlank(line))
            {
                if (blankLine == 0) blankLine = lines.Number;
                continue;
            }
            if (blankLine != 0) throw file.Error($"line {blankLine}: blank, with line {lines.Number} after it; expected numbers");
            if (isFirst)
            {
                isFirst = false;
                if (classes is not null) columns = CountColumns(file, lines.Number, line);
                if (IsHeader(line)) continue;
            }
            ReadExample(file, lines.Number, line, columns, inputs, classes);
        }
        return inputs;
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => !line.ContainsAnyExcept((byte)' ', (byte)'\t');

    private static bool IsHeader(ReadOnlySpan<byte> line)
    {
        foreach (Range range in line.Split((byte)','))
        {
            if (TryParse(line[range], out float _)) return false;
        }
        return true;
    }

    private static int CountColumns(DataReader file, int number, ReadOnlySpan<byte> line)
    {
        int columns = line.Count((byte)',') + 1;
        return columns >= 2
            ? columns
            : throw file.Error(
                $"line {number}: {InputFile.Quote(line)} is one column; expected 2 or more, separated by commas, the last the class");
    }

    private static void ReadExample(
        DataReader file, int number, ReadOnlySpan<byte> line, int columns, List<float> inputs, List<int>? classes)
    {
        int actual = line.Count((byte)',') + 1;
        if (actual != columns)
        {
            string reason = classes is null ? ", one for each input" : " as in the first line";
            throw file.Error($"line {number}: {actual} columns; expected {columns}{reason} (a comma separates columns, never decimals)");
        }
        if (inputs.Count > Array.MaxLength - columns)
            throw file.Error($"line {number}: {inputs.Count} numbers are read; expected no more than {Array.MaxLength}");
        int column = 0;
        foreach (Range range in line.Split((byte)','))
        {
            column++;
            ReadOnlySpan<byte> field = line[range];
            if (column == columns && classes is not null)
                classes.Add(ParseClass(file, number, column, field));
            else
                inputs.Add(ParseInput(file, number, column, field));
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
                $"line {number}, column {column}: class {InputFile.Quote(field)}; expected a whole number of 0 … {LargestClass}, "
                + "the last column being the class");
    }

    private static bool TryParse(ReadOnlySpan<byte> field, out float value) =>
        float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
