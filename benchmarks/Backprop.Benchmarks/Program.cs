using System.CommandLine;
using Backprop.Benchmarks.Accuracy;
using Backprop.Benchmarks.Agreement;
using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Reports;
using Backprop.Benchmarks.Reports.Docs;
using Backprop.Benchmarks.Startup;
using Backprop.Benchmarks.Suites;

namespace Backprop.Benchmarks;

/// <summary>Chooses between the program's own commands and BenchmarkDotNet.</summary>
internal static class Program
{
    private const int BadInput = 2;

    private static readonly string[] s_helpOptions = ["--help", "-h", "-?", "/?", "--version"];

    // first of all, and in a method of its own: a process that is timed shall load nothing that it has no need of
    public static int Main(string[] args) =>
        args is [StartupChild.Argument, ..] ? StartupChild.Run(args) : Run(args, Console.Error);

    /// <summary>
    /// Runs the command that <paramref name="args"/> name; what is wrong with them goes to <paramref name="error"/> as one line.
    /// </summary>
    public static int Run(string[] args, TextWriter error)
    {
        RootCommand root = new(
            "Benchmarks of Backprop. Without arguments: compare. Arguments that begin with a dash, such as --filter '*Exp*' --job Dry or"
            + " --list flat, go to BenchmarkDotNet.")
        {
            CompareCommand.Create(),
            AccuracyCommand.Create(),
            AgreeCommand.Create(),
            RenderCommand.Create(),
            DocsCommand.Create(),
        };
        if (args.Length == 0)
            args = [CompareCommand.Name];
        bool isOwn = root.Subcommands.Any(command => command.Name == args[0]) || s_helpOptions.Contains(args[0]);
        if (!isOwn && args[0].StartsWith('-'))
            return SuiteRunner.Run(args);
        return isOwn
            ? Invoke(root, args, error)
            : Refuse(error, $"unknown command '{args[0]}': expected {string.Join(", ", root.Subcommands.Select(command => command.Name))}"
                + " or options of BenchmarkDotNet such as --filter '*Exp*'");
    }

    private static int Invoke(RootCommand root, string[] args, TextWriter error)
    {
        ParseResult result = root.Parse(args);
        if (result.Errors.Count > 0)
            return Refuse(error, result.Errors[0].Message);
        try
        {
            return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (InputException exception)
        {
            return Refuse(error, exception.Message);
        }
    }

    private static int Refuse(TextWriter error, string message)
    {
        error.WriteLine(message);
        return BadInput;
    }
}
