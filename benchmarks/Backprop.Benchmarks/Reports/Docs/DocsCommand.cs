using System.CommandLine;
using Backprop.Benchmarks.Compare;

namespace Backprop.Benchmarks.Reports.Docs;

/// <summary>The command <c>docs</c>: writes the figures of the committed report into the documents.</summary>
internal static class DocsCommand
{
    /// <summary>The report that the documents show, and the documents, from the folder of the repository.</summary>
    public const string ReportFile = "docs/report.json";

    public static IReadOnlyList<string> Documents { get; } = ["README.md", "docs/performance.md"];

    public static Command Create()
    {
        Option<string?> report = new("--report")
        {
            Description = $"Take this report.json in place of {ReportFile}.",
            HelpName = "FILE",
        };
        Command command = new("docs", $"Writes the figures of {ReportFile} into {string.Join(" and ", Documents)}.") { report };
        command.SetAction(result => Run(result.GetValue(report)));
        return command;
    }

    private static int Run(string? report)
    {
        foreach (string document in Documents.Where(document => !File.Exists(document)))
            throw new InputException($"{Path.GetFullPath(document)} does not exist: run this in the folder of the repository");
        Report shown = JsonReport.Read(report ?? ReportFile);
        if (!shown.Complete || shown.Quick)
            throw new InputException($"{report ?? ReportFile}: is of an interrupted, wrong or quick run, expected a complete one");
        List<OutputFile> outputs = [.. Documents.Select(document => Filled(document, shown))];
        if (report is not null)
            outputs.Add(new("--report", ReportFile, JsonReport.Render));
        foreach (OutputFile output in outputs)
        {
            output.RequireWritable();
            output.Write(shown);
            Console.WriteLine($"written: {output.Path}");
        }
        return 0;
    }

    private static OutputFile Filled(string document, Report report)
    {
        string text = MarkedRegions.Fill(document, File.ReadAllText(document), DocumentParts.Of(report));
        return new("docs", document, _ => text);
    }
}
