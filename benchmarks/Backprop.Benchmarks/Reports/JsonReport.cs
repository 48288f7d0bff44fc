using System.Text.Json;
using Backprop.Benchmarks.Compare;

namespace Backprop.Benchmarks.Reports;

/// <summary>A report as JSON.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static string Render(Report report) => JsonSerializer.Serialize(report, s_options) + "\n";

    /// <summary>Reads what <see cref="Render"/> wrote; anything else is an <see cref="InputException"/>.</summary>
    public static Report Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read ({exception.Message})");
        }
        catch (JsonException exception)
        {
            throw new InputException($"{path}: is no report of schema {Report.CurrentSchemaVersion} ({exception.Message.Split('\n')[0]})");
        }
    }

    private static Report Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("schemaVersion", out JsonElement version)
            || !version.TryGetInt32(out int number) || number != Report.CurrentSchemaVersion)
        {
            throw new JsonException($"expected \"schemaVersion\": {Report.CurrentSchemaVersion}");
        }
        return document.Deserialize<Report>(s_options)!;
    }
}
