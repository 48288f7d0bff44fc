using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Backprop.Training;

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
            CustomParser = result => ParseReal(result, name, limit),
        };

    /// <summary>The same, null where it is absent.</summary>
    internal static Option<float?> OptionalReal(string name, string description, float limit = float.PositiveInfinity) =>
        new(name)
        {
            Description = description,
            HelpName = "F",
            CustomParser = result => ParseReal(result, name, limit),
        };

    /// <summary>Numbers over 0 with commas between them, null where it is absent.</summary>
    internal static Option<IReadOnlyList<float>?> Weights(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "F,F,…",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                float[] weights = Array.ConvertAll(
                    text.Split(','),
                    word => float.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out float weight) ? weight : float.NaN);
                if (Array.TrueForAll(weights, weight => float.IsFinite(weight) && weight > 0))
                    return weights;

                result.AddError($"{name}: expected finite numbers over 0 with ',' between them, such as 1,2.5,1, got '{text}'");
                return null;
            },
        };

    internal static Option<LearningRateSchedule> Schedule() =>
        new("--schedule")
        {
            Description = "The rate by epoch: constant, times F after every N epochs, times F after each epoch, or half a cosine down to F of "
                + "it (0 if F is left out).",
            HelpName = "constant|step:N:F|exponential:F|cosine[:F]",
            DefaultValueFactory = _ => LearningRateSchedule.Constant,
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (ParseSchedule(text) is { } schedule)
                    return schedule;

                result.AddError(
                    $"--schedule: expected constant, step:N:F, exponential:F or cosine:F with F up to 1, such as step:10:0.5, got '{text}'");
                return LearningRateSchedule.Constant;
            },
        };

    internal static Option<string?> File(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };

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

    private static float ParseReal(ArgumentResult result, string name, float limit)
    {
        string text = result.Tokens[0].Value;
        if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && value >= 0 && value < limit)
            return value;

        string below = float.IsFinite(limit) ? string.Create(CultureInfo.InvariantCulture, $" and below {limit}") : "";
        result.AddError($"{name}: expected a finite number of at least 0{below}, such as 0.5, got '{text}'");
        return default;
    }

    private static LearningRateSchedule? ParseSchedule(string text)
    {
        string[] words = text.Split(':');
        float factor = words.Length > 1
            && float.TryParse(words[^1], NumberStyles.Float, CultureInfo.InvariantCulture, out float value) ? value : float.NaN;
        try
        {
            return (words[0], words.Length) switch
            {
                ("constant", 1) => LearningRateSchedule.Constant,
                ("cosine", 1) => LearningRateSchedule.Cosine(),
                ("cosine", 2) => LearningRateSchedule.Cosine(factor),
                ("exponential", 2) => LearningRateSchedule.Exponential(factor),
                ("step", 3) when int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int epochs) =>
                    LearningRateSchedule.Step(epochs, factor),
                _ => null,
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }
    }

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
