using System.CommandLine;
using Backprop.Benchmarks.Compare;

namespace Backprop.Benchmarks.Reports;

/// <summary>The command <c>render</c>: a page and tables from figures that were measured before.</summary>
internal static class RenderCommand
{
    public static Command Create()
    {
        Argument<string> report = new("report") { Description = "A report.json that compare wrote.", HelpName = "FILE" };
        Option<string?> html = new("--html") { Description = "Write the page to this file.", HelpName = "FILE" };
        Option<string?> markdown = new("--markdown") { Description = "Write the tables as Markdown to this file.", HelpName = "FILE" };
        Command command = new("render", "Makes the page or the tables again from a report.json, without measuring.")
        {
            report, html, markdown,
        };
        command.SetAction(result => Run(result.GetValue(report)!, result.GetValue(html), result.GetValue(markdown)));
        return command;
    }

    private static int Run(string path, string? html, string? markdown)
    {
        List<OutputFile> outputs = [];
        if (html is not null)
            outputs.Add(new("--html", html, HtmlReport.Render));
        if (markdown is not null)
            outputs.Add(new("--markdown", markdown, MarkdownReport.Render));
        if (outputs.Count == 0)
            throw new InputException("render: expected --html FILE or --markdown FILE");
        Report report = JsonReport.Read(path);
        foreach (OutputFile output in outputs)
        {
            output.RequireWritable();
            output.Write(report);
            Console.WriteLine($"written: {output.Path}");
        }
        return 0;
    }
}
