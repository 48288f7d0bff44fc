using Backprop.Cli.Output;
using Backprop.Training;
using Spectre.Console;
using Xunit;

namespace Backprop.Tests.Cli;

public class TrainingDisplayTests
{
    private static readonly TrainingResult s_result = new([], 1, 1, 0);

    [Fact]
    public void A_terminal_gets_a_line_an_epoch_and_a_bar_that_goes_away()
    {
        StringWriter writer = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
            Interactive = InteractionSupport.Yes,
        });
        console.Profile.Width = 120;
        TrainingDisplay display = TrainingDisplay.For(console, epochs: 2);

        TrainingResult result = display.Run(() =>
        {
            display.Progress(new TrainingProgress(1, 2, 50, 100, 0.75, 1234, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(65)));
            display.EpochFinished(new EpochReport(1, 0.5, 0.875, 0.25, 0.75, 1, 2345));
            return s_result;
        });

        Assert.Same(s_result, result);
        string text = writer.ToString();
        const string Line = "epoch 1/2   cost 0.5000   accuracy  87.50 %   validation  75.00 %    1.00 s       2,345 examples/s";
        Assert.Contains(Line, text, StringComparison.Ordinal);
        Assert.Contains("epoch 1/2, cost 0.7500, 1,234 examples/s, 1 min 05 s left", text, StringComparison.Ordinal);
        Assert.Equal(1, display.FinishedEpochs);
    }

    [Fact]
    public void A_file_gets_a_line_an_epoch_and_nothing_else()
    {
        StringWriter writer = new() { NewLine = "\n" };
        TrainingDisplay display = TrainingDisplay.For(Terminal.Create(writer), epochs: 1);

        display.Run(() =>
        {
            display.Progress(new TrainingProgress(1, 1, 50, 100, 0.75, 1234, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
            display.EpochFinished(new EpochReport(1, 0.00005, 1, null, null, 1, 2345));
            return s_result;
        });

        Assert.Equal("epoch 1/1   cost 5e-05   accuracy 100.00 %    1.00 s       2,345 examples/s\n", writer.ToString());
    }
}
