using System.Text.Json.Serialization;

namespace Backprop.Benchmarks.Reports;

/// <summary>Data cache sizes in bytes, and where they were read.</summary>
internal sealed record CachesReport(
    [property: JsonPropertyName("L1")] long L1,
    [property: JsonPropertyName("L2")] long L2,
    [property: JsonPropertyName("L3")] long L3,
    string Source);
