using Backprop.Benchmarks.Reports;

namespace Backprop.Benchmarks.Compare;

/// <summary>What the user wrote, not checked yet.</summary>
internal sealed record CompareInput
{
    public const double DefaultTolerance = 10;

    public bool Quick { get; init; }

    /// <summary>Shapes as <c>KIND:SHAPE[:OPTION]</c>.</summary>
    public IReadOnlyCollection<string> Shapes { get; init; } = [];

    /// <summary>Memory levels that working sets should live in.</summary>
    public IReadOnlyCollection<string> Sizes { get; init; } = [];

    /// <summary>Kernels to keep, by kind or by their name in reports.</summary>
    public IReadOnlyCollection<string> Kernels { get; init; } = [];

    public IReadOnlyCollection<string> Levels { get; init; } = [];

    /// <summary>Names of peers, none for all of them, or null for no peers.</summary>
    public IReadOnlyCollection<string>? Peers { get; init; }

    /// <summary>The path of another build of the library, or null.</summary>
    public string? With { get; init; }

    /// <summary>Numbers of threads, or <c>all</c>.</summary>
    public IReadOnlyCollection<string> Threads { get; init; } = [];

    /// <summary>The path of an earlier report.</summary>
    public string? Baseline { get; init; }

    /// <summary>By how many per cent a row may be slower than in the baseline.</summary>
    public double Tolerance { get; init; } = DefaultTolerance;

    public IReadOnlyList<OutputFile> Outputs { get; init; } = [];
}
