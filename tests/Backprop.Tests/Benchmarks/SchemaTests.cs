using System.Text.Json.Nodes;
using Backprop.Benchmarks.Reports;
using NJsonSchema;
using NJsonSchema.Validation;
using Xunit;

namespace Backprop.Tests.Benchmarks;

/// <summary><c>docs/report.schema.json</c> describes what the program writes, all of it.</summary>
public class SchemaTests
{
    private static readonly string SchemaPath = Path.Combine(AppContext.BaseDirectory, "docs", "report.schema.json");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Reports => ["sample", "page", "without limits", "another build", "startup", "committed"];

    [Theory]
    [MemberData(nameof(Reports))]
    public async Task A_report_conforms_and_has_no_property_that_is_not_described(string name)
    {
        JsonSchema schema = await LoadStrictAsync();
        Assert.Empty(Errors(schema, Json(name)));
    }

    // negative controls
    [Theory]
    [InlineData("schemaVersion", "2")]
    [InlineData("complete", "\"yes\"")]
    [InlineData("rows", "[{\"kernel\": \"exp\"}]")]
    [InlineData("unknown", "1")]
    [InlineData("limits", "{}")]
    public async Task What_does_not_conform_is_found(string property, string value)
    {
        JsonSchema schema = await LoadStrictAsync();
        JsonObject report = JsonNode.Parse(Json("sample"))!.AsObject();
        report[property] = JsonNode.Parse(value);
        Assert.NotEmpty(Errors(schema, report.ToJsonString()));
    }

    [Fact]
    public async Task Every_property_is_described_and_the_version_is_the_program_s()
    {
        JsonSchema schema = await JsonSchema.FromFileAsync(SchemaPath, Cancellation);
        Assert.All(Objects(schema).SelectMany(definition => definition.Properties), property =>
            Assert.False(string.IsNullOrWhiteSpace(property.Value.Description ?? property.Value.ActualSchema.Description), property.Key));
        JsonNode document = JsonNode.Parse(await File.ReadAllTextAsync(SchemaPath, Cancellation))!;
        Assert.Equal(Report.CurrentSchemaVersion, (int)document["properties"]!["schemaVersion"]!["enum"]![0]!);
    }

    // readers pass over what they do not know; the program writes nothing that is not described
    private static async Task<JsonSchema> LoadStrictAsync()
    {
        JsonSchema schema = await JsonSchema.FromFileAsync(SchemaPath, Cancellation);
        foreach (JsonSchema definition in Objects(schema))
            definition.AllowAdditionalProperties = false;
        return schema;
    }

    private static IEnumerable<JsonSchema> Objects(JsonSchema schema) => schema.Definitions.Values.Prepend(schema);

    private static IEnumerable<string> Errors(JsonSchema schema, string json) =>
        new JsonSchemaValidator().Validate(json, schema).Select(error => error.ToString());

    private static string Json(string name) => name switch
    {
        "sample" => JsonReport.Render(SampleReport.Create(
            SampleReport.Row("scalar", 10, 1), SampleReport.Row("v256", 5, null) with { Gflops = null })),
        "another build" => JsonReport.Render(SampleReport.Create(
            SampleReport.Row("auto", 10, null) with { OtherBuild = new(1.2, 1.1, 1.3, 500) }, SampleReport.Row("with", 12, null))),
        "startup" => JsonReport.Render(SampleReport.Create(SampleReport.Row("auto", 10, null) with { CompiledMethods = 427, JitMs = 196.5 })),
        "page" => JsonReport.Render(PageReport.Create()),
        "without limits" => JsonReport.Render(SampleReport.Create() with { Limits = null }),
        _ => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "report.json")),
    };
}
