using Backprop.Benchmarks.Compare;
using Spectre.Console;

namespace Backprop.Benchmarks.Reports;

/// <summary>The comparison on the console, kernel by kernel as it is measured; plain text when standard output is not a terminal.</summary>
internal sealed class ConsoleReport : IComparisonObserver
{
    private const int PlainWidth = 120;

    // the columns that can be missed are left out of a terminal narrower than this
    private const int FullWidth = 100;

    private const int BarWidth = 12;

    private readonly bool _isTerminal = !Console.IsOutputRedirected;
    private readonly IAnsiConsole _console;
    private readonly ProgressLine _progress = new();

    public ConsoleReport()
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = _isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = _isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!_isTerminal)
            _console.Profile.Width = PlainWidth;
    }

    public void Started(MachineReport machine)
    {
        _console.MarkupLine("[bold]Backprop: what each vector width is worth on this CPU[/]");
        WritePairs(MachineText.Lines(machine));
        foreach (string warning in machine.Warnings)
            _console.MarkupLineInterpolated($"[bold red]{warning}[/]");
    }

    public void PeersFound(IReadOnlyList<PeerReport> peers) => WritePairs(peers.Select(peer => (PeerText.Name(peer), peer.ToText())));

    public void PartStarted(string part, int number, int count, TimeSpan remaining) => _progress.Show(part, number, count, remaining);

    public void LimitsMeasured(LimitsReport limits)
    {
        _progress.Clear();
        WritePairs(MachineText.Lines(limits));
    }

    public void KernelFinished(string kernel, IReadOnlyList<RowReport> rows)
    {
        _progress.Clear();
        List<Column> columns = [.. Columns(rows), .. OtherBuildColumns(rows)];
        Table table = CreateTable(rows[0].Threads == 1 ? kernel : $"{kernel}, {rows[0].Threads} threads");
        table.AddColumn("shape");
        table.AddColumns([.. columns.Select(column => column.Header)]);
        foreach (IGrouping<string, RowReport> shape in rows.GroupBy(row => row.Shape))
        {
            foreach ((int index, RowReport row) in shape.Index())
                table.AddRow([index == 0 ? row.Shape : "", .. columns.Select(column => column.Cell(row))]);
        }
        _console.Write(table);
        if (rows.Any(row => !row.Stable))
        {
            _console.MarkupLine(
                "[yellow]The times were still falling when the warm-up ended: the machine is busy, or the calls are very long.[/]");
        }
    }

    public void TrainingFinished(IReadOnlyList<TrainingReport> rows)
    {
        _progress.Clear();
        TrainingReport any = rows[0];
        Table table = CreateTable($"training on the embedded digits: {any.Layers}, batch {any.Batch}, {any.Epochs} epochs");
        table.AddColumns(
            new TableColumn("level"), Right("threads"), Right("time"), Right("examples/s"), Right("test accuracy"),
            new TableColumn("SHA-256 of the parameters"));
        foreach (TrainingReport row in rows)
        {
            table.AddRow(
                row.Level, $"{row.Threads}", Units.Time(row.Seconds * 1e9), Units.Digits(row.SamplesPerSecond),
                Units.Digits(row.TestAccuracy * 100) + " %", row.ParametersSha256[..16] + "…");
        }
        _console.Write(table);
        if (rows.DistinctBy(row => row.ParametersSha256).Count() == 1)
            _console.MarkupLineInterpolated($"The parameters are the same bits in every row: {rows[0].ParametersSha256}");
    }

    public void Noticed(string message)
    {
        _progress.Clear();
        Console.Error.WriteLine(message);
    }

    public void Failed(string message) => Noticed(message);

    /// <summary>The width to use for each kernel, how long it took, and whether all of it was done.</summary>
    public void Finished(Report report, bool interrupted)
    {
        _progress.Clear();
        WriteVerdicts([.. Verdict.OfFewestThreads(report.Rows)]);
        if (Noise.Warning(report.Rows) is string noise)
            _console.MarkupLineInterpolated($"[yellow]{noise}[/]");
        if (BuildText.Summary(report) is string summary)
            _console.WriteLine(summary);
        _console.MarkupLineInterpolated($"total time: {Units.Digits(report.TotalSeconds)} s");
        if (interrupted)
            Console.Error.WriteLine("interrupted: what had been measured is kept");
    }

    private void WriteVerdicts(List<Verdict> verdicts)
    {
        if (verdicts.Count == 0)
            return;
        Table table = CreateTable("which width to use, and what it leaves of the machine's limit");
        table.AddColumns(new TableColumn("kernel"), new TableColumn("use"), Right("× scalar"), Right("left on the table"));
        foreach (Verdict verdict in verdicts)
        {
            table.AddRow(
                verdict.Kernel, VerdictText.Use(verdict), VerdictText.Factors(verdict.Rows.Select(row => row.OverScalar)),
                VerdictText.Left(verdict));
        }
        _console.Write(table);
    }

    private static TableColumn Right(string header) => new TableColumn(header).RightAligned();

    private Table CreateTable(string title)
    {
        _console.WriteLine();
        _console.MarkupLineInterpolated($"[bold]{title}[/]");
        return new Table { Border = _isTerminal ? TableBorder.Simple : TableBorder.None };
    }

    private IEnumerable<Column> Columns(IReadOnlyList<RowReport> rows)
    {
        bool wide = _console.Profile.Width >= FullWidth;
        yield return new(new TableColumn("level"), row => row.EqualTo is null ? row.Level : $"{row.Level} = {row.EqualTo}");
        yield return new(Right("time"), row => Units.Time(row.MedianNs));
        if (wide)
            yield return new(Right("spread"), Units.Spread);
        foreach (Column column in rows.Any(row => row.IsStartup) ? StartupColumns() : LimitColumns(wide))
            yield return column;
        if (rows.Any(row => row.AllocatedBytes > 0))
            yield return new(Right("allocated"), row => Units.Bytes(row.AllocatedBytes));
    }

    private static IEnumerable<Column> StartupColumns()
    {
        yield return new(Right("× scalar"), row => Units.Factor(row.OverScalar));
        yield return new(Right("methods compiled"), Units.Methods);
        yield return new(Right("JIT"), Units.Jit);
    }

    private IEnumerable<Column> LimitColumns(bool wide)
    {
        yield return new(Right("rate"), Units.Rate);
        yield return new(Right("× scalar"), row => Units.Factor(row.OverScalar));
        yield return new(new TableColumn("of the limit"), row => Bar(row.OfLimit));
        if (wide)
            yield return new(new TableColumn("bound by"), row => row.Limit);
    }

    // the ratio stands beside this build's time
    private static IEnumerable<Column> OtherBuildColumns(IReadOnlyList<RowReport> rows)
    {
        Dictionary<RowReport, BuildStanding> standings = BuildStanding.Of(rows).ToDictionary(standing => standing.New);
        if (standings.Count > 0)
        {
            yield return new(Right(BuildText.Heading), row =>
                standings.TryGetValue(row, out BuildStanding? standing) ? BuildText.Ratio(standing.Ratio) : "");
        }
    }

    private string Bar(double fraction)
    {
        int filled = (int)Math.Clamp(Math.Round(fraction * BarWidth), 0, BarWidth);
        string percent = Units.Percent(fraction).PadLeft(6);
        if (!_isTerminal)
            return $"{new string('#', filled).PadRight(BarWidth, '.')}{percent}";
        string colour = fraction switch { >= 0.8 => "green", >= 0.4 => "yellow", _ => "red" };
        return $"[{colour}]{new string('█', filled)}[/][dim]{new string('░', BarWidth - filled)}[/]{percent}";
    }

    private void WritePairs(IEnumerable<(string Name, string Text)> pairs)
    {
        foreach ((string name, string text) in pairs)
            _console.MarkupLineInterpolated($"[dim]{name,-20}[/] {text}");
    }

    private sealed record Column(TableColumn Header, Func<RowReport, string> Cell);
}
