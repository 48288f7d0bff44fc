namespace Backprop.Benchmarks.Reports;

/// <summary>
/// What runs now and how long the rest takes, on standard error: one line that is rewritten in a terminal, a line a part in a file.
/// Written between measurements only, since a thread that redraws would be measured too.
/// </summary>
internal sealed class ProgressLine
{
    private const string ClearLine = "\r\e[2K";

    private readonly bool _interactive = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public void Show(string part, int number, int count, TimeSpan remaining)
    {
        string left = remaining > TimeSpan.Zero ? $", about {remaining.TotalSeconds:F0} s left" : "";
        string text = $"[{number}/{count}] {part}{left}";
        if (_interactive)
            Console.Error.Write(ClearLine + text);
        else
            Console.Error.WriteLine(text);
    }

    /// <summary>Takes the line away before something else is printed.</summary>
    public void Clear()
    {
        if (_interactive)
            Console.Error.Write(ClearLine);
    }
}
