using System.Globalization;

namespace Backprop.Cli.Output;

/// <summary>An accuracy that somebody has published: after an epoch, or of a whole run.</summary>
internal sealed record PublishedValue(string Label, int? Epoch, double Percent)
{
    /// <summary>Reads LABEL=PERCENT or LABEL=EPOCH:PERCENT; null where it is neither.</summary>
    internal static PublishedValue? Parse(string text)
    {
        int equals = text.LastIndexOf('=');
        string[] numbers = text[(equals + 1)..].Split(':');
        if (equals < 1
            || !double.TryParse(numbers[^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent)
            || percent > 100)
        {
            return null;
        }

        if (numbers.Length == 1)
            return new PublishedValue(text[..equals], null, percent);
        return numbers.Length == 2 && int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out int epoch) && epoch > 0
            ? new PublishedValue(text[..equals], epoch, percent)
            : null;
    }
}
