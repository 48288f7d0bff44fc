using System.CommandLine;
using Backprop.Cli.Commands;
using Backprop.Cli.Output;
using Backprop.Training;

namespace Backprop.Cli;

/// <summary>The command <c>backprop</c>: its verbs, and what becomes of errors.</summary>
internal static class EntryPoint
{
    private static readonly ParserConfiguration s_parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs the command as a process would, on writers of the caller's choice, and returns its exit code.</summary>
    internal static int Run(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        ParseResult parsed = CreateRoot(new CommandContext(output, error, cancellation)).Parse(arguments, s_parser);
        if (parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction)
            return ReportUsage(parsed, error);

        try
        {
            // The termination handling of System.CommandLine is off: it would cut a command short two seconds after Ctrl+C.
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (TrainingDivergedException exception)
        {
            return Report($"training diverged, no model was saved: {exception.Message}", error, ExitCode.Failed);
        }
        catch (Exception exception) when (IsBadInput(exception))
        {
            return Report(DescribeBadInput(exception), error, ExitCode.BadInput);
        }
    }

    private static RootCommand CreateRoot(CommandContext context)
    {
        RootCommand root = new(
            "Trains, evaluates and checks fully connected networks on the CPU: sigmoid hidden layers, softmax output, cross-entropy cost.")
        {
            HelpName = "backprop",
        };
        root.Add(TrainCommand.Create(context));
        root.Add(EvaluateCommand.Create(context));
        root.Add(PredictCommand.Create(context));
        root.Add(CheckCommand.Create(context));
        root.Add(PlotCommand.Create(context));
        root.Add(InfoCommand.Create(context));
        root.AddHelp("""
            Examples:
              backprop train                                       learn the built-in digits, save model.safetensors
              backprop evaluate model.safetensors                  accuracy and confusion matrix on the held-out fifth
              backprop predict model.safetensors --count 5         classes and probabilities as CSV
              backprop train --data mnist --hidden 30 --epochs 1   a folder with the four MNIST files
              backprop check --layers 784-30-20-10                 compare the gradient with central differences
              backprop plot run-1.csv run-2.csv --out runs.png     metrics of several runs in one picture
              backprop info                                        this CPU, and the vector width the library uses on it

            Environment:
              BACKPROP_SIMD_LEVEL=scalar|v128|v256|v512   widest vectors to use; the results are the same bits with any
              BACKPROP_CACHES=L1,L2,L3                    cache sizes to reckon with, for instance 32K,512K,32M; the same bits with any

            Exit codes: 0 done, 1 check failed or training diverged, 2 bad input (one line on standard error), 130 Ctrl+C,
            143 SIGTERM.
            """);
        return root;
    }

    private static int ReportUsage(ParseResult parsed, TextWriter error)
    {
        Command command = parsed.CommandResult.Command;
        string name = command is RootCommand ? "backprop" : "backprop " + command.Name;
        string message = (command, parsed.UnmatchedTokens) switch
        {
            (RootCommand, []) => "no verb; expected train, evaluate, predict, check, plot or info",
            (RootCommand, [string first, ..]) => $"'{first}' is not a verb; expected train, evaluate, predict, check, plot or info",
            _ => parsed.Errors[0].Message.TrimEnd('.'),
        };
        error.WriteLine(Format.OneLine($"{name}: {message}; see '{name} --help'"));
        return ExitCode.BadInput;
    }

    private static int Report(string message, TextWriter error, int exitCode)
    {
        error.WriteLine(Format.OneLine("backprop: " + message));
        return exitCode;
    }

    // What the library throws for arguments and files, and what the operating system throws for files. Anything else is a defect
    // of this program and keeps its stack trace.
    private static bool IsBadInput(Exception exception) =>
        exception is InputException or ArgumentException or InvalidDataException or IOException or UnauthorizedAccessException
            or OutOfMemoryException;

    private static string DescribeBadInput(Exception exception) => exception switch
    {
        OutOfMemoryException => "not enough memory for a network or data set of this size",
        ArgumentException problem => InputException.Describe(problem),
        _ => exception.Message,
    };
}
