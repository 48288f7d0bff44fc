using Spectre.Console;

namespace Backprop.Cli.Output;

/// <summary>A Spectre console on a writer: coloured and live on a terminal, plain text without escape codes anywhere else.</summary>
internal static class Terminal
{
    internal static IAnsiConsole Create(TextWriter writer)
    {
        AnsiConsoleOutput output = new(writer);
        if (output.IsTerminal)
            return AnsiConsole.Create(new AnsiConsoleSettings { Out = output });

        // Said outright, not detected: on build servers the detection turns colours on for redirected output as well.
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = output,
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = 1000;   // a file has no right edge to wrap at
        return console;
    }
}
