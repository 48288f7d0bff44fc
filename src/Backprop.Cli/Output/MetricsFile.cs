using System.Globalization;
using Backprop.Training;

namespace Backprop.Cli.Output;

/// <summary>
/// A CSV file (RFC 4180: commas, CRLF, no quotes needed) with a row for each epoch, on the disk as soon as the epoch is over. A row that
/// cannot be written ends the file with a message; the training goes on.
/// </summary>
internal sealed class MetricsFile : IDisposable
{
    internal const string Header = "epoch,trainCost,trainAccuracy,validationCost,validationAccuracy,seconds,examplesPerSecond";

    private readonly string _path;
    private readonly TextWriter _errors;
    private StreamWriter? _writer;

    private MetricsFile(string path, TextWriter errors)
    {
        _path = path;
        _errors = errors;
        _writer = new StreamWriter(path) { NewLine = "\r\n" };
        WriteLine(Header);
    }

    /// <summary>Starts the file anew; null without a path.</summary>
    internal static MetricsFile? Create(string? path, TextWriter errors) => path is null ? null : new MetricsFile(path, errors);

    internal void Write(EpochReport report) =>
        WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Epoch},{report.TrainCost:R},{report.TrainAccuracy:R},")
            + string.Create(CultureInfo.InvariantCulture, $"{report.ValidationCost:R},{report.ValidationAccuracy:R},")
            + string.Create(CultureInfo.InvariantCulture, $"{report.Seconds:R},{report.SamplesPerSecond:R}"));

    public void Dispose()
    {
        try
        {
            _writer?.Dispose();
        }
        catch (IOException)
        {
            // The message came with the row that could not be written.
        }
    }

    private void WriteLine(string line)
    {
        try
        {
            _writer?.WriteLine(line);
            _writer?.Flush();
        }
        catch (IOException problem)
        {
            _errors.WriteLine(Format.OneLine($"backprop: {_path}: cannot be written, the rows from here on are missing: {problem.Message}"));
            Dispose();
            _writer = null;
        }
    }
}
