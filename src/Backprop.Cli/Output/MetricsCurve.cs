using System.Globalization;

namespace Backprop.Cli.Output;

/// <summary>The validation accuracy by epoch of one run, in percent, read from the file that <see cref="MetricsFile"/> wrote.</summary>
internal sealed record MetricsCurve(string Name, double[] Epochs, double[] Percent)
{
    private static readonly string[] s_columns = MetricsFile.Header.Split(',');
    private static readonly int s_epoch = Array.IndexOf(s_columns, "epoch");
    private static readonly int s_accuracy = Array.IndexOf(s_columns, "validationAccuracy");

    /// <summary>Reads a file; the curve takes its name without folder and extension.</summary>
    internal static MetricsCurve Load(string path)
    {
        string[] lines = File.ReadAllLines(path);
        if (lines.Length == 0 || lines[0] != MetricsFile.Header)
            throw new InputException($"{path}: line 1: expected '{MetricsFile.Header}', as train --metrics writes it");
        if (lines.Length == 1)
            throw new InputException($"{path}: no epoch; expected at least one");

        double[] epochs = new double[lines.Length - 1];
        double[] percent = new double[lines.Length - 1];
        for (int row = 0; row < epochs.Length; row++)
        {
            string[] values = lines[row + 1].Split(',');
            if (values.Length != s_columns.Length
                || !TryParse(values[s_epoch], out epochs[row])
                || !TryParse(values[s_accuracy], out double accuracy))
            {
                throw new InputException($"{path}: line {row + 2}: expected {s_columns.Length} numbers, got '{lines[row + 1]}'");
            }

            percent[row] = 100 * accuracy;
        }

        return new MetricsCurve(Path.GetFileNameWithoutExtension(path), epochs, percent);
    }

    private static bool TryParse(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}
