using System.CommandLine;
using System.Globalization;

namespace Backprop.Cli.Output;

/// <summary>The help of a command with many options: description, usage, and the options under the headings of their groups.</summary>
internal static class GroupedHelp
{
    private const int Width = 110;
    private const int Indent = 6;

    internal static void Write(Command command, OptionGroup[] groups, TextWriter output)
    {
        output.WriteLine($"{command.Description}\n");
        output.WriteLine($"Usage: backprop {command.Name} [options]\n");
        foreach (OptionGroup group in groups)
        {
            output.WriteLine($"{group.Title}:");
            foreach (Option option in group.Options)
                Write(option, output);
            output.WriteLine();
        }
    }

    private static void Write(Option option, TextWriter output)
    {
        output.WriteLine(option.HelpName is null ? $"  {option.Name}" : $"  {option.Name} <{option.HelpName}>");
        string line = "";
        foreach (string word in $"{option.Description}{Default(option)}".Split(' '))
        {
            if (Indent + line.Length + word.Length >= Width)
            {
                output.WriteLine(new string(' ', Indent) + line.TrimEnd());
                line = "";
            }

            line += word + " ";
        }

        output.WriteLine(new string(' ', Indent) + line.TrimEnd());
    }

    // A switch is off and an option that may be absent says itself what happens then.
    private static string Default(Option option) =>
        option.HasDefaultValue && option.GetDefaultValue() is { } value and not bool
            ? string.Create(CultureInfo.InvariantCulture, $" [default: {value}]")
            : "";
}
