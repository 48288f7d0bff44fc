using System.Globalization;

namespace Backprop.Benchmarks.Compare;

/// <summary>The numbers of threads to measure with.</summary>
internal static class ThreadCounts
{
    private const string All = "all";

    /// <summary>One thread, the powers of two below the cores, and all cores.</summary>
    public static IReadOnlyList<int> Scaling(int cores)
    {
        List<int> counts = [];
        for (int threads = 1; threads < cores; threads *= 2)
            counts.Add(threads);
        return [.. counts, cores];
    }

    /// <summary>Reads numbers from 1 to <paramref name="cores"/> and the word <c>all</c>; ascending, each once.</summary>
    public static IReadOnlyList<int> Parse(IEnumerable<string> texts, int cores) =>
        [.. texts.Select(text => Parse(text, cores)).Distinct().Order()];

    private static int Parse(string text, int cores)
    {
        if (text == All)
            return cores;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int threads)
            && threads >= 1 && threads <= cores
            ? threads
            : throw new InputException($"--threads {text}: expected 1 to {cores}, the cores this process may use, or {All}");
    }
}
