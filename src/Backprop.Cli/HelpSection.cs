using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Backprop.Cli.Output;

namespace Backprop.Cli;

/// <summary>Options that belong together, under a heading in the help.</summary>
internal sealed record OptionGroup(string Title, Option[] Options);

/// <summary>Adds text (examples, meanings) below the help of a command, and headings between the options of one with many.</summary>
internal static class HelpSection
{
    /// <summary>
    /// Gives <paramref name="command"/> a help option that ends with <paramref name="text"/>; without groups System.CommandLine lists the
    /// options.
    /// </summary>
    internal static void AddHelp(this Command command, string text, params OptionGroup[] groups)
    {
        HelpOption? help = command.Options.OfType<HelpOption>().FirstOrDefault();
        if (help is null)
            command.Add(help = new HelpOption());
        help.Action = new Action((HelpAction)help.Action!, command, text, groups);
    }

    private sealed class Action(HelpAction standard, Command command, string text, OptionGroup[] groups) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            TextWriter output = parseResult.InvocationConfiguration.Output;
            if (groups.Length > 0)
                GroupedHelp.Write(command, groups, output);
            else
                standard.Invoke(parseResult);
            if (parseResult.CommandResult.Command == command)
                output.WriteLine(text);
            return ExitCode.Success;
        }
    }
}
