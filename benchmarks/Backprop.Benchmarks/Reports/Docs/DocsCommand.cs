using System.CommandLine;
using Backprop.Benchmarks.Compare;

namespace Backprop.Benchmarks.Reports.Docs;

/// <summary>The command <c>docs</c>: writes the figures of the committed report into the documents.</summary>
internal static class DocsCommand
{
    /// <summary>The report that the documents show, and those about other programs, on one thread, on several, and held to AVX2, from the
    /// folder of the repository.</summary>
    public const string ReportFile = "docs/report.json", PeersReportFile = "docs/peers.json", ThreadsReportFile = "docs/peers-threads.json",
        Avx2ReportFile = "docs/peers-avx2.json";

    public static IReadOnlyList<string> Documents { get; } = ["README.md", "docs/performance.md"];

    public static Command Create()
    {
        (string Home, Option<string?> Option)[] reports =
        [
            (ReportFile, Option("--report", ReportFile)),
            (PeersReportFile, Option("--peers-report", PeersReportFile)),
            (ThreadsReportFile, Option("--threads-report", ThreadsReportFile)),
            (Avx2ReportFile, Option("--avx2-report", Avx2ReportFile)),
        ];
        Command command = new(
            "docs",
            $"Writes the figures of {ReportFile}, {PeersReportFile}, {ThreadsReportFile} and {Avx2ReportFile} into"
            + $" {string.Join(" and ", Documents)}.");
        foreach ((_, Option<string?> option) in reports)
            command.Options.Add(option);
        command.SetAction(result => Run(
            [.. reports.Select(report => new Source(report.Option.Name, report.Home, result.GetValue(report.Option)))]));
        return command;
    }

    private static Option<string?> Option(string name, string file) => new(name)
    {
        Description = $"Take this report.json in place of {file}.",
        HelpName = "FILE",
    };

    private static int Run(Source[] sources)
    {
        foreach (string document in Documents.Where(document => !File.Exists(document)))
            throw new InputException($"{Path.GetFullPath(document)} does not exist: run this in the folder of the repository");
        Report[] shown = [.. sources.Select(source => Complete(source.File ?? source.Home))];
        IReadOnlyDictionary<string, string?> parts = DocumentParts.Of(shown[0], shown[1], shown[2], shown[3]);
        List<(OutputFile File, Report Report)> outputs = [.. Documents.Select(document => (Filled(document, parts), shown[0]))];
        outputs.AddRange(sources
            .Zip(shown)
            .Where(pair => pair.First.File is not null)
            .Select(pair => (new OutputFile(pair.First.Option, pair.First.Home, JsonReport.Render), pair.Second)));
        foreach ((OutputFile file, Report content) in outputs)
        {
            file.RequireWritable();
            file.Write(content);
            Console.WriteLine($"written: {file.Path}");
        }
        return 0;
    }

    private static Report Complete(string file)
    {
        Report report = JsonReport.Read(file);
        return report.Complete && !report.Quick
            ? report
            : throw new InputException($"{file}: is of an interrupted, wrong or quick run, expected a complete one");
    }

    private static OutputFile Filled(string document, IReadOnlyDictionary<string, string?> parts)
    {
        string text = MarkedRegions.Fill(document, File.ReadAllText(document), parts);
        return new("docs", document, _ => text);
    }

    /// <summary>An option, the file in the repository that it replaces, and the file that it names, if any.</summary>
    private readonly record struct Source(string Option, string Home, string? File);
}
