using System.Globalization;

namespace Backprop.Cli.Output;

/// <summary>How numbers are written for people: the same on every system, with units.</summary>
internal static class Format
{
    /// <summary>0.97493 → "97.49 %".</summary>
    internal static string Percent(double fraction) => fraction.ToString("0.00 %", CultureInfo.InvariantCulture);

    /// <summary>1234567 → "1,234,567".</summary>
    internal static string Count(double number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A cost or an error: five significant digits.</summary>
    internal static string Cost(double cost) =>
        cost.ToString(cost is 0 or (>= 1e-3 and < 1e4) ? "0.0000" : "0.####e+00", CultureInfo.InvariantCulture);

    /// <summary>A time: "1.54 ms", "0.42 s", "12.3 s", "3 min 05 s", "2 h 07 min".</summary>
    internal static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: > 0 and < 0.1 } => time.TotalMilliseconds.ToString("0.00 ms", CultureInfo.InvariantCulture),
        { TotalSeconds: < 10 } => time.TotalSeconds.ToString("0.00 s", CultureInfo.InvariantCulture),
        { TotalSeconds: < 60 } => time.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds:00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min"),
    };

    /// <summary>Layer sizes as in the article: "784-30-10".</summary>
    internal static string Layers(ReadOnlySpan<int> layers) => string.Join('-', layers.ToArray());

    /// <summary>"1 epoch", "30 epochs", "2 classes".</summary>
    internal static string Plural(int count, string noun)
    {
        string ending = count == 1 ? "" : noun.EndsWith('s') ? "es" : "s";
        return $"{Count(count)} {noun}{ending}";
    }

    /// <summary>The text on one line, whatever line ends a file name or a message brought along.</summary>
    internal static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
