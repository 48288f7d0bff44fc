using System.CommandLine;
using System.Runtime.InteropServices;
using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;

namespace Backprop.Benchmarks.Compare;

/// <summary>The command <c>compare</c>: its options, and from them to reports and an exit code.</summary>
internal static class CompareCommand
{
    public const string Name = "compare";

    private const int WrongResult = 1, Interrupted = 130;

    private const string DefaultFolder = "artifacts";

    public static Command Create()
    {
        Option<bool> quick = new("--quick") { Description = "Fewer shapes and shorter samples: under a minute." };
        Option<string[]> shape = new("--shape")
        {
            Description = "A shape to measure instead of the default list; repeat it for more. KIND:SHAPE[:OPTION] is one of\n"
                + string.Join('\n', ShapeParser.Forms.Select(entry => $"  {entry.Form}"))
                + "\ngemm multiplies M×K by K×N, t marks a transposed operand; gemv has A M×N; cross-entropy is softmax, cost and"
                + " a − y in one pass, the cost-… kinds are the cost alone and output-delta is a − y alone;"
                + " step is forward, backward and update; predict is forward.",
            HelpName = "KIND:SHAPE[:OPTION]",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string[]> level = new("--level")
        {
            Description = "A level to measure instead of all this CPU has; repeat it for more: "
                + $"{string.Join(", ", ContenderList.All.Select(contender => contender.Name))}. naive is the loop one would write first,"
                + " scalar to v512 are the library's vector widths, auto is what the library picks.",
            HelpName = "LEVEL",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<int> threads = new("--threads")
        {
            Description = $"Threads for gemm, step, predict and the training, 1 to {Environment.ProcessorCount} here;"
                + " other kernels use one.",
            HelpName = "T",
            DefaultValueFactory = _ => 1,
        };
        Option<string?> json = new("--json") { Description = "Write the figures as JSON to this file.", HelpName = "FILE" };
        Option<string?> html = new("--html") { Description = "Write a self-contained page with charts to this file.", HelpName = "FILE" };
        Option<string?> markdown = new("--markdown") { Description = "Write tables as Markdown to this file.", HelpName = "FILE" };
        Command command = new(
            Name,
            "Measures kernels at every vector width of this CPU, beside the machine's own limits. "
            + $"Without --json, --html and --markdown the reports go to {DefaultFolder}/report.json, .html and .md.")
        {
            quick, shape, level, threads, json, html, markdown,
        };
        command.SetAction(result => Execute(() => ReadOptions(
            result.GetValue(quick), result.GetValue(shape) ?? [], result.GetValue(level) ?? [], result.GetValue(threads),
            [.. CreateOutputs(result.GetValue(json), result.GetValue(html), result.GetValue(markdown))])));
        return command;
    }

    /// <summary>Turns what the user wrote into work that can be done, or throws <see cref="InputException"/>.</summary>
    public static CompareOptions ReadOptions(
        bool quick, IReadOnlyCollection<string> shapes, IReadOnlyCollection<string> levels, int threads, IReadOnlyList<OutputFile> outputs)
    {
        if (threads < 1 || threads > Environment.ProcessorCount)
            throw new InputException($"--threads {threads}: expected 1 to {Environment.ProcessorCount}, the cores this process may use");
        IEnumerable<string> texts = shapes.Count > 0 ? shapes.Distinct() : quick ? DefaultShapes.Quick : DefaultShapes.Full;
        IReadOnlyList<KernelCase> cases = [.. texts.Select(text => ShapeParser.Parse(text))];
        CompareOptions options = new(quick, cases, ContenderList.Select(levels), levels.Count > 0, threads, outputs);
        foreach (OutputFile output in outputs)
        {
            output.RequireWritable();
            if (outputs.Any(other => other != output && Path.GetFullPath(other.Path) == Path.GetFullPath(output.Path)))
                throw new InputException($"{output.Option} {output.Path}: two reports cannot go to the same file");
        }
        return options;
    }

    private static IEnumerable<OutputFile> CreateOutputs(string? json, string? html, string? markdown)
    {
        if (json is null && html is null && markdown is null)
        {
            CreateDefaultFolder();
            json = Path.Combine(DefaultFolder, "report.json");
            html = Path.Combine(DefaultFolder, "report.html");
            markdown = Path.Combine(DefaultFolder, "report.md");
        }
        if (json is not null)
            yield return new("--json", json, JsonReport.Render);
        if (html is not null)
            yield return new("--html", html, HtmlReport.Render);
        if (markdown is not null)
            yield return new("--markdown", markdown, MarkdownReport.Render);
    }

    private static void CreateDefaultFolder()
    {
        try
        {
            Directory.CreateDirectory(DefaultFolder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"{Path.GetFullPath(DefaultFolder)}: cannot be created ({exception.Message}); name files with --json, --html, --markdown");
        }
    }

    private static int Execute(Func<CompareOptions> readOptions)
    {
        CompareOptions options = readOptions();
        using CancellationTokenSource cancellation = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            // the first keeps what is measured, a second one ends the program at once
            context.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        });
        ConsoleReport console = new();
        Report report = new Comparison(options, options.Quick ? TimeBudget.Quick : TimeBudget.Full, console, cancellation.Token).Run();
        console.Finished(report, cancellation.IsCancellationRequested);
        foreach (OutputFile output in options.Outputs)
        {
            output.Write(report);
            Console.WriteLine($"written: {output.Path}");
        }
        return cancellation.IsCancellationRequested ? Interrupted : report.Complete ? 0 : WrongResult;
    }
}
