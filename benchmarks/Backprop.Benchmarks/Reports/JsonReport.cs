using System.Text.Json;

namespace Backprop.Benchmarks.Reports;

/// <summary>A report as JSON.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
    };

    public static string Render(Report report) => JsonSerializer.Serialize(report, s_options) + "\n";
}
