using Backprop.Simd;

namespace Backprop.Benchmarks.Reports;

/// <summary>What one kernel comes to over all its shapes: the width to use, and what the shapes give at it.</summary>
/// <param name="Kernel">The kernel's name.</param>
/// <param name="Threads">Threads the work was offered.</param>
/// <param name="Levels">The width to use; several where they do not differ beyond the noise at any shape.</param>
/// <param name="Rows">The rows of that width (the first of them), one a shape.</param>
/// <param name="Shapes">The same shapes, each with its own fastest width.</param>
internal sealed record Verdict(
    string Kernel, int Threads, IReadOnlyList<string> Levels, IReadOnlyList<RowReport> Rows, IReadOnlyList<Glance> Shapes)
{
    /// <summary>The shapes at which another width is faster beyond the noise.</summary>
    public IEnumerable<Glance> Exceptions => Shapes.Where(glance => !glance.Levels.Contains(Levels[0]));

    /// <summary>One a kernel and thread count, in the order of the rows.</summary>
    public static IEnumerable<Verdict> Of(IReadOnlyList<RowReport> rows) =>
        Glance.Of(rows).GroupBy(glance => (glance.Fastest.Kernel, glance.Fastest.Threads))
            .Select(kernel => Create([.. kernel], [.. rows.Where(row => (row.Kernel, row.Threads) == kernel.Key)]));

    /// <summary>One a kernel, on the fewest threads it was measured with: what a width is worth, apart from what threads are.</summary>
    public static IEnumerable<Verdict> OfFewestThreads(IReadOnlyList<RowReport> rows) =>
        Of(rows).GroupBy(verdict => verdict.Kernel).Select(kernel => kernel.MinBy(verdict => verdict.Threads)!);

    /// <summary>The width that is the fastest, or as fast, at the most of all shapes; the narrower of two with as many.</summary>
    public static string? Overall(IReadOnlyList<Glance> glances) =>
        glances.SelectMany(glance => glance.Levels).GroupBy(level => level)
            .OrderByDescending(level => level.Count()).ThenBy(level => Order(level.Key)).FirstOrDefault()?.Key;

    private static Verdict Create(IReadOnlyList<Glance> glances, IReadOnlyList<RowReport> rows)
    {
        List<string> everywhere = [.. glances[0].Levels.Where(level => glances.All(glance => glance.Levels.Contains(level)))];
        IReadOnlyList<string> levels = everywhere.Count > 0 ? everywhere : [LeastTime(glances, rows)];
        return new Verdict(
            glances[0].Fastest.Kernel, glances[0].Fastest.Threads, levels,
            [.. rows.Where(row => row.Level == levels[^1])],
            glances);
    }

    // the geometric mean over the shapes: every shape counts alike, however long it takes
    private static string LeastTime(IReadOnlyList<Glance> glances, IReadOnlyList<RowReport> rows)
    {
        Dictionary<string, double> fastest = glances.ToDictionary(glance => glance.Fastest.Shape, glance => glance.Fastest.MedianNs);
        return rows.Where(row => SimdSupport.TryParse(row.Level, out _)).GroupBy(row => row.Level)
            .Where(level => level.Count() == glances.Count)
            .MinBy(level => level.Sum(row => Math.Log(row.MedianNs / fastest[row.Shape])))?.Key
            ?? glances[0].Fastest.Level;
    }

    private static int Order(string level) => SimdSupport.TryParse(level, out SimdLevel parsed) ? (int)parsed : int.MaxValue;
}
