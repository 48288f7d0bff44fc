using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Backprop.Cli;

/// <summary>A value with the text that stands for it on the command line, in help and in reports.</summary>
internal sealed record Named<T>(string Text, T Value)
{
    public override string ToString() => Text;
}

/// <summary>
/// Options whose values are checked while the command line is read: numbers are read the same way on every system, with a point and
/// without group separators, and an error names the option, the value and what was expected.
/// </summary>
internal static class Options
{
    internal static Option<int> WholeNumber(string name, string description, int defaultValue, int minimum, int maximum = int.MaxValue) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => defaultValue,
            CustomParser = result => ParseWholeNumber(result, name, minimum, maximum),
        };

    internal static Option<int?> OptionalWholeNumber(string name, string description, int minimum) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result => ParseWholeNumber(result, name, minimum, int.MaxValue),
        };

    /// <summary>A number from 0, and below <paramref name="limit"/>.</summary>
    internal static Option<float> Real(string name, string description, float defaultValue, float limit = float.PositiveInfinity) =>
        new(name)
        {
            Description = description,
            HelpName = "F",
            DefaultValueFactory = _ => defaultValue,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value)
                    && value >= 0 && value < limit)
                {
                    return value;
                }

                string below = float.IsFinite(limit) ? string.Create(CultureInfo.InvariantCulture, $" and below {limit}") : "";
                result.AddError($"{name}: expected a finite number of at least 0{below}, such as 0.5, got '{text}'");
                return default;
            },
        };

    internal static Option<ulong> Seed(string description) =>
        new("--seed")
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => 1,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
                    return value;

                result.AddError($"--seed: expected a whole number from 0 to {ulong.MaxValue}, got '{text}'");
                return default;
            },
        };

    /// <summary>Sizes of layers, such as 100,50 or 64-30-10; <paramref name="none"/> is the word for no layer, if there is one.</summary>
    internal static Option<Named<int[]>> LayerSizes(
        string name, string description, string defaultValue, char separator, string? none = null) =>
        new(name)
        {
            Description = description,
            HelpName = "N" + separator + "N" + separator + "…",
            DefaultValueFactory = result => ParseLayerSizes(result, name, defaultValue, separator, none),
            CustomParser = result => ParseLayerSizes(result, name, result.Tokens[0].Value, separator, none),
        };

    /// <summary>One of a few words, each with its meaning for the code.</summary>
    internal static Option<Named<T>> Choice<T>(string name, string description, string defaultWord, params Named<T>[] choices) =>
        new(name)
        {
            Description = description,
            HelpName = string.Join<Named<T>>('|', choices),
            DefaultValueFactory = _ => choices.First(choice => choice.Text == defaultWord),
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                foreach (Named<T> choice in choices)
                {
                    if (choice.Text.Equals(text, StringComparison.OrdinalIgnoreCase))
                        return choice;
                }

                result.AddError($"{name}: expected {string.Join<Named<T>>(", ", choices)}, got '{text}'");
                return default!;
            },
        };

    internal static Option<bool> Json(string description) => new("--json") { Description = description };

    internal static Option<string> Data(string description) =>
        new("--data")
        {
            Description = description + " 'digits' (built in: 1,797 digits of 8 × 8 pixels), a folder with the four MNIST files (IDX, "
                + "gzipped or not), or a CSV file with the class in the last column.",
            HelpName = "digits|FOLDER|FILE.csv",
            DefaultValueFactory = _ => DataSource.DigitsName,
        };

    internal static Option<int> Threads() =>
        WholeNumber("--threads", "Threads to compute with; the results are the same bits. Small networks are fastest with 1.", 1, 1, 256);

    private static int ParseWholeNumber(ArgumentResult result, string name, int minimum, int maximum)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            && value >= minimum && value <= maximum)
        {
            return value;
        }

        result.AddError(maximum == int.MaxValue
            ? $"{name}: expected a whole number of at least {minimum}, got '{text}'"
            : $"{name}: expected a whole number from {minimum} to {maximum}, got '{text}'");
        return default;
    }

    private static Named<int[]> ParseLayerSizes(ArgumentResult result, string name, string text, char separator, string? none)
    {
        if (none is not null && text.Equals(none, StringComparison.OrdinalIgnoreCase))
            return new(text, []);

        string[] words = text.Split(separator);
        int[] sizes = new int[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i]) && sizes[i] >= 1)
                continue;

            result.AddError($"{name}: expected layer sizes of at least 1 with '{separator}' between them, got '{text}'");
            return new(text, []);
        }

        return new(text, sizes);
    }
}
