using System.Text.Json;
using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;

namespace Backprop.Benchmarks.Compare;

/// <summary>The rows of an earlier report of this machine.</summary>
internal sealed class Baseline
{
    private readonly Dictionary<(string Kernel, string Shape, string Level, int Threads), BaselineRow> _rows = [];

    private Baseline(string path) => Path = path;

    public string Path { get; }

    /// <summary>When it was measured.</summary>
    public string Date { get; private init; } = "";

    /// <summary>
    /// Reads a report. One that cannot be read, is of another schema or of another processor than <paramref name="cpu"/> is an
    /// <see cref="InputException"/>.
    /// </summary>
    public static Baseline Load(string path, string cpu)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
            return Read(path, document.RootElement, cpu);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"--baseline {path}: cannot be read ({FirstLine(exception)})");
        }
        catch (JsonException exception)
        {
            throw new InputException($"--baseline {path}: is not JSON ({FirstLine(exception)})");
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InputException($"--baseline {path}: is not a report of compare ({FirstLine(exception)})");
        }
    }

    /// <summary>The row measured at the same kernel, shape, level and number of threads, or null.</summary>
    public BaselineRow? Find(RowReport row) => _rows.GetValueOrDefault((row.Kernel, row.Shape, row.Level, row.Threads));

    /// <summary>Refuses a baseline that has nothing in common with what will be measured.</summary>
    public void RequireOverlap(
        IReadOnlyList<KernelCase> cases, IReadOnlyList<IContender> contenders, IReadOnlyList<int> threads)
    {
        bool overlaps = cases.Any(problem => contenders.Any(contender => (problem.Threaded ? threads : [1]).Any(count =>
            _rows.ContainsKey((problem.Kernel, problem.Shape, contender.Name, count)))));
        if (!overlaps)
            throw new InputException($"--baseline {Path}: has none of the shapes and levels that would be measured");
    }

    private static Baseline Read(string path, JsonElement root, string cpu)
    {
        int schema = root.GetProperty("schemaVersion").GetInt32();
        if (schema != Report.CurrentSchemaVersion)
            throw new InputException($"--baseline {path}: schema version {schema}, expected {Report.CurrentSchemaVersion}");
        JsonElement machine = root.GetProperty("machine");
        string? baselineCpu = machine.GetProperty("cpu").GetString();
        if (baselineCpu != cpu)
            throw new InputException($"--baseline {path}: measured on '{baselineCpu}', this is '{cpu}'");
        Baseline baseline = new(path) { Date = machine.GetProperty("date").GetString() ?? "" };
        foreach (JsonElement row in root.GetProperty("rows").EnumerateArray())
        {
            double median = row.GetProperty("medianNs").GetDouble();
            if (!(median > 0))
                throw new InputException($"--baseline {path}: a row's medianNs is not positive");
            baseline._rows[(Text(row, "kernel"), Text(row, "shape"), Text(row, "level"), row.GetProperty("threads").GetInt32())] =
                new BaselineRow(median, row.GetProperty("spread").GetDouble());
        }
        return baseline;
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString() ?? "";

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].TrimEnd();
}
