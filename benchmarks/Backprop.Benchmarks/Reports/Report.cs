using System.Text.Json.Serialization;

namespace Backprop.Benchmarks.Reports;

/// <summary>All a comparison found. <c>report.json</c> is this record; its property names in camel case are the schema.</summary>
/// <param name="SchemaVersion">Raised when a field changes its meaning or goes away; new fields do not raise it.</param>
/// <param name="Complete">False when the run was interrupted or a result was wrong.</param>
/// <param name="Quick">Whether fewer shapes and samples were taken.</param>
/// <param name="TotalSeconds">Wall-clock time of the whole comparison.</param>
/// <param name="Machine">What it ran on.</param>
/// <param name="Limits">What that machine can do at most.</param>
/// <param name="Rows">One kernel at one shape and level each.</param>
/// <param name="Peers">
/// The other programs that have rows, and <c>with</c>, another build of the library: the level of such a row is the peer's name.
/// </param>
/// <param name="Training">One training run a level.</param>
internal sealed record Report(
    int SchemaVersion,
    bool Complete,
    bool Quick,
    double TotalSeconds,
    MachineReport Machine,
    LimitsReport? Limits,
    IReadOnlyList<RowReport> Rows,
    IReadOnlyList<PeerReport> Peers,
    IReadOnlyList<TrainingReport> Training)
{
    public const int CurrentSchemaVersion = 1;

    /// <summary>All a reader has to know before trusting a figure.</summary>
    [JsonIgnore]
    public IEnumerable<string> Warnings
    {
        get
        {
            foreach (string warning in Machine.Warnings)
                yield return warning;
            if (!Complete)
                yield return "The run was interrupted or had errors: rows are missing.";
            if (Noise.Warning(Rows) is string noise)
                yield return noise;
        }
    }
}
