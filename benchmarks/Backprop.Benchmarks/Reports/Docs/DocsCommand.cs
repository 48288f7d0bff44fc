using System.CommandLine;
using Backprop.Benchmarks.Compare;

namespace Backprop.Benchmarks.Reports.Docs;

/// <summary>The command <c>docs</c>: writes the figures of the committed report into the documents.</summary>
internal static class DocsCommand
{
    /// <summary>The report that the documents show, and the one about other programs, from the folder of the repository.</summary>
    public const string ReportFile = "docs/report.json", PeersReportFile = "docs/peers.json";

    public static IReadOnlyList<string> Documents { get; } = ["README.md", "docs/performance.md"];

    public static Command Create()
    {
        Option<string?> report = Option("--report", ReportFile), peers = Option("--peers-report", PeersReportFile);
        Command command = new(
            "docs", $"Writes the figures of {ReportFile} and {PeersReportFile} into {string.Join(" and ", Documents)}.") { report, peers };
        command.SetAction(result => Run(result.GetValue(report), result.GetValue(peers)));
        return command;
    }

    private static Option<string?> Option(string name, string file) => new(name)
    {
        Description = $"Take this report.json in place of {file}.",
        HelpName = "FILE",
    };

    private static int Run(string? report, string? peers)
    {
        foreach (string document in Documents.Where(document => !File.Exists(document)))
            throw new InputException($"{Path.GetFullPath(document)} does not exist: run this in the folder of the repository");
        Report shown = Complete(report ?? ReportFile), shownPeers = Complete(peers ?? PeersReportFile);
        IReadOnlyDictionary<string, string?> parts = DocumentParts.Of(shown, shownPeers);
        List<(OutputFile File, Report Report)> outputs = [.. Documents.Select(document => (Filled(document, parts), shown))];
        if (report is not null)
            outputs.Add((new("--report", ReportFile, JsonReport.Render), shown));
        if (peers is not null)
            outputs.Add((new("--peers-report", PeersReportFile, JsonReport.Render), shownPeers));
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
}
