using System.CommandLine;
using System.Globalization;
using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Machine;
using Backprop.Benchmarks.Measuring;
using Backprop.Benchmarks.Reports;
using Backprop.Simd;

namespace Backprop.Benchmarks.Compare;

/// <summary>The command <c>compare</c>: its options, and from them to reports and an exit code.</summary>
internal static class CompareCommand
{
    public const string Name = "compare";

    private const int WrongResult = 1, Regression = 1;

    private const string DefaultFolder = "artifacts";

    public static Command Create()
    {
        Option<bool> quick = new("--quick") { Description = "Fewer shapes and shorter samples: under a minute." };
        Option<string[]> shape = new("--shape")
        {
            Description = "A shape to measure instead of the default list; repeat it for more. KIND:SHAPE[:OPTION] is one of\n"
                + string.Join('\n', ShapeParser.Forms.Select(entry => $"  {entry.Form}"))
                + "\ngemm multiplies M×K by K×N, t marks a transposed operand; gemv has A M×N; gradient-descent to adamw update N"
                + " parameters; cross-entropy is softmax, cost and a − y in one pass, the cost-… kinds are the cost alone and output-delta is"
                + " a − y alone; step is forward, backward and update; predict is forward;"
                + " startup is a new process for every sample, from the beginning of main to the end of the first prediction, training step or"
                + " epoch, all three when none is named.",
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
        Option<string[]> size = new("--size")
        {
            Description = "Measure every kernel at shapes whose working set lives in this level of memory; repeat it for more: "
                + string.Join(", ", Enum.GetNames<MemoryLevel>()) + ".",
            HelpName = "LEVEL",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string[]> kernel = new("--kernel")
        {
            Description = "Keep only the shapes of this kernel, a KIND of --shape or a name from a report such as gemm-nt; repeat it for"
                + " more.",
            HelpName = "KERNEL",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string[]> peers = new("--peers")
        {
            Description = "Measure other programs too, all that this machine has or those named: OpenBLAS, BLIS, MKL, Math.NET, ML.NET's"
                + $" CpuMath, NumSharp, ONNX Runtime, LibTorch ({string.Join(", ", PeerList.Names)}). Their project is built when it is"
                + " asked for.",
            HelpName = "PEER",
            Arity = ArgumentArity.ZeroOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string?> with = new("--with")
        {
            Description = "Measure another build of the library too, calls taking turns with those of the level auto: how many times as"
                + " fast this build is, shape by shape. Its kernels that this build calls otherwise, or that it lacks, are left out.",
            HelpName = "OLD/Backprop.dll",
        };
        Option<string[]> threads = new("--threads")
        {
            Description = $"Threads for gemm, step, predict and the training, 1 to {Environment.ProcessorCount} here, or all; repeat it for"
                + " more; other kernels use one. Without it the default list is measured on one and on all, other shapes on one.",
            HelpName = "T",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string?> baseline = new("--baseline")
        {
            Description = "Print what changed beyond the noise since this report.json of the same CPU; exit code 1 when a row got slower"
                + " by more than --tolerance.",
            HelpName = "FILE",
        };
        Option<double> tolerance = new("--tolerance")
        {
            Description = "Per cent by which a row may be slower than in the baseline.",
            HelpName = "PERCENT",
            DefaultValueFactory = _ => CompareInput.DefaultTolerance,
        };
        Option<string?> json = new("--json") { Description = "Write the figures as JSON to this file.", HelpName = "FILE" };
        Option<string?> html = new("--html") { Description = "Write a self-contained page with charts to this file.", HelpName = "FILE" };
        Option<string?> markdown = new("--markdown") { Description = "Write tables as Markdown to this file.", HelpName = "FILE" };
        Command command = new(
            Name,
            "Measures kernels at every vector width of this CPU, beside the machine's own limits. "
            + $"Without --json, --html and --markdown the reports go to {DefaultFolder}/report.json, .html and .md.")
        {
            quick, shape, size, kernel, level, with, peers, threads, baseline, tolerance, json, html, markdown,
        };
        command.SetAction(result => Execute(ReadOptions(new CompareInput
        {
            Quick = result.GetValue(quick),
            Shapes = result.GetValue(shape) ?? [],
            Sizes = result.GetValue(size) ?? [],
            Kernels = result.GetValue(kernel) ?? [],
            Levels = result.GetValue(level) ?? [],
            Peers = result.GetResult(peers) is null ? null : result.GetValue(peers) ?? [],
            With = result.GetValue(with),
            Threads = result.GetValue(threads) ?? [],
            Baseline = result.GetValue(baseline),
            Tolerance = result.GetValue(tolerance),
            Outputs = [.. CreateOutputs(result.GetValue(json), result.GetValue(html), result.GetValue(markdown))],
        })));
        return command;
    }

    /// <summary>Turns what the user wrote into work that can be done, or throws <see cref="InputException"/>.</summary>
    public static CompareOptions ReadOptions(CompareInput input)
    {
        IReadOnlyList<int> threads = ReadThreads(input);
        IReadOnlyList<KernelCase> cases = ShapeSelection.Select(input, CacheSizes.Current);
        IReadOnlyList<IContender> contenders = ContenderList.Select(input.Levels);
        if (input.With is string build)
            contenders = ContenderList.With(contenders, new OtherBuild(LibraryBuild.Load(build), build));
        if (!(input.Tolerance >= 0 && double.IsFinite(input.Tolerance)))
        {
            throw new InputException(string.Create(
                CultureInfo.InvariantCulture, $"--tolerance {input.Tolerance}: expected 0 or more per cent"));
        }
        Baseline? baseline = input.Baseline is string path ? Baseline.Load(path, CpuName.Read()) : null;
        baseline?.RequireOverlap(cases, contenders, threads);
        RequireOutputs(input.Outputs);
        PeerList.RequireKnown(input.Peers ?? []);
        // last, since they have to be built
        IReadOnlyList<IPeer> peers = input.Peers is null ? [] : PeerList.Select(PeerAssembly.BuildAndLoad(), input.Peers);
        return new CompareOptions(
            input.Quick, cases, [.. contenders, .. peers.Where(peer => peer.Unavailable is null)],
            [.. peers.Where(peer => peer.Unavailable is not null)], input.Levels.Count > 0, threads, baseline, input.Tolerance / 100,
            input.Outputs);
    }

    private static IReadOnlyList<int> ReadThreads(CompareInput input)
    {
        int cores = Environment.ProcessorCount;
        if (input.Threads.Count > 0)
            return ThreadCounts.Parse(input.Threads, cores);
        return input.Quick || ShapeSelection.IsNamed(input) ? [1] : ThreadCounts.Scaling(cores);
    }

    private static void RequireOutputs(IReadOnlyList<OutputFile> outputs)
    {
        foreach (OutputFile output in outputs)
        {
            output.RequireWritable();
            if (outputs.Any(other => other != output && Path.GetFullPath(other.Path) == Path.GetFullPath(output.Path)))
                throw new InputException($"{output.Option} {output.Path}: two reports cannot go to the same file");
        }
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

    private static int Execute(CompareOptions options)
    {
        using StopSignal stop = new();
        ConsoleReport console = new();
        Report report = new Comparison(options, options.Quick ? TimeBudget.Quick : TimeBudget.Full, console, stop.Token).Run();
        console.Finished(report, stop.ExitCode is not null);
        foreach (OutputFile output in options.Outputs)
        {
            output.Write(report);
            Console.WriteLine($"written: {output.Path}");
        }
        bool regressed = options.Baseline is Baseline baseline && HasRegressed(baseline, report, options.Tolerance);
        return stop.ExitCode ?? (!report.Complete ? WrongResult : regressed ? Regression : 0);
    }

    private static bool HasRegressed(Baseline baseline, Report report, double tolerance)
    {
        BaselineVerdict verdict = new(baseline, report.Rows, tolerance);
        foreach (string line in verdict.Lines)
            Console.WriteLine(line);
        return verdict.Regressions > 0;
    }
}
