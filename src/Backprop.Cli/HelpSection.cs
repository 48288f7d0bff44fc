using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Backprop.Cli;

/// <summary>Adds text (examples, meanings) below the help that System.CommandLine makes of a command.</summary>
internal static class HelpSection
{
    /// <summary>Gives <paramref name="command"/> a help option that ends with <paramref name="text"/>.</summary>
    internal static void AddHelp(this Command command, string text)
    {
        HelpOption? help = command.Options.OfType<HelpOption>().FirstOrDefault();
        if (help is null)
            command.Add(help = new HelpOption());
        help.Action = new Action((HelpAction)help.Action!, command, text);
    }

    private sealed class Action(HelpAction standard, Command command, string text) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int exitCode = standard.Invoke(parseResult);
            if (parseResult.CommandResult.Command == command)
                parseResult.InvocationConfiguration.Output.WriteLine(text);
            return exitCode;
        }
    }
}
