using Backprop.Training;
using Spectre.Console;

namespace Backprop.Cli.Output;

/// <summary>The confusion matrix: a row per actual class, a column per predicted one, and the share of each row on the diagonal.</summary>
internal static class ConfusionTable
{
    // Thirty columns of four to five characters fill a wide terminal.
    private const int MostClasses = 30;

    internal static void Write(Evaluation evaluation, TextWriter writer)
    {
        if (evaluation.Classes > MostClasses)
        {
            writer.WriteLine($"confusion matrix: {evaluation.Classes} classes are too many for a table; --json has it");
            return;
        }

        IAnsiConsole console = Terminal.Create(writer);
        bool plain = !console.Profile.Capabilities.Ansi;
        Table table = new() { Border = plain ? TableBorder.None : TableBorder.Rounded };
        table.AddColumn(new TableColumn("actual").RightAligned());
        for (int predicted = 0; predicted < evaluation.Classes; predicted++)
            table.AddColumn(new TableColumn(Format.Count(predicted)).RightAligned());
        table.AddColumn(new TableColumn("recall").RightAligned());

        for (int actual = 0; actual < evaluation.Classes; actual++)
            table.AddRow(Row(evaluation, actual, plain));

        writer.WriteLine("confusion matrix: examples by actual class (rows) and predicted class (columns)");
        console.Write(table);
    }

    private static IEnumerable<Markup> Row(Evaluation evaluation, int actual, bool plain)
    {
        int total = 0;
        yield return new Markup(Format.Count(actual));
        for (int predicted = 0; predicted < evaluation.Classes; predicted++)
        {
            int count = evaluation.Confusion[(actual * evaluation.Classes) + predicted];
            total += count;
            string text = count == 0 ? "." : Format.Count(count);
            yield return plain || count == 0 ? new Markup(text) : new Markup(text, predicted == actual ? Color.Green : Color.Red);
        }

        yield return new Markup(total == 0 ? "-" : Format.Percent((double)evaluation.Confusion[actual * (evaluation.Classes + 1)] / total));
    }
}
