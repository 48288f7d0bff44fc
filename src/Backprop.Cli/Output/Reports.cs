using System.Text.Json;
using System.Text.Json.Serialization;

namespace Backprop.Cli.Output;

/// <summary>What <c>train --json</c> ends with. Times in seconds, costs in nats, accuracies from 0 to 1.</summary>
internal sealed record TrainReport(
    string Data,
    int[] Layers,
    int Parameters,
    int Epochs,
    int Batch,
    double LearningRate,
    double Momentum,
    double L2,
    string Init,
    ulong Seed,
    int Threads,
    string SimdLevel,
    int TrainCount,
    int ValidationCount,
    int TestCount,
    double Seconds,
    double SamplesPerSecond,
    double TrainCost,
    double TrainAccuracy,
    double? ValidationCost,
    double? ValidationAccuracy,
    double TestCost,
    double TestAccuracy,
    int BestValidationEpoch,
    double? TestAccuracyAtBest,
    string ParametersSha256,
    string Model,
    string? Plot,
    string Optimizer,
    string Schedule,
    double? WeightDecay,
    double LabelSmoothing,
    IReadOnlyList<float>? ClassWeights,
    double? MaximumGradientNorm,
    int? Patience,
    string? Metrics,
    string? Checkpoint,
    string? Resumed);

/// <summary>What <c>evaluate --json</c> prints; <c>confusion</c> has a row per actual class.</summary>
internal sealed record EvaluateReport(
    string Model, int[] Layers, string Data, string Part, int Count, double Cost, double Accuracy, int[][] Confusion);

/// <summary>One line of <c>predict --json</c>.</summary>
internal sealed record PredictReport(int Index, int Class, int? Actual, float[] Probabilities);

/// <summary>What <c>check --json</c> prints.</summary>
internal sealed record CheckReport(
    int[] Layers,
    int Rows,
    ulong Seed,
    bool Passed,
    double WorstRelativeError,
    double RelativeErrorBound,
    string WorstParameter,
    double Analytic,
    double Numeric,
    double WorstFloatError,
    double FloatErrorBound,
    string WorstFloatParameter,
    int ParametersChecked);

/// <summary>The caches in <c>info --json</c>: bytes of each level, and the sentence that says where they were found.</summary>
internal sealed record CachesReport(long L1, long L2, long L3, string Why);

/// <summary>What <c>info --plan --json</c> prints for each product.</summary>
internal sealed record ProductReport(string Product, string Level, int TileRows, int TileColumns, PlanReport Plan);

/// <summary>The plan of a product; sizes of blocks are 0 where the route has none.</summary>
internal sealed record PlanReport(
    string Route,
    int Rows,
    int Columns,
    int Depth,
    string PackA,
    string PackB,
    bool PrefetchesB,
    bool PrefetchesC,
    int Parts,
    bool ByColumns);

/// <summary>What <c>info --json</c> prints.</summary>
internal sealed record InfoReport(
    string Version,
    string Cpu,
    int LogicalProcessors,
    IReadOnlyDictionary<string, bool> Levels,
    string Level,
    string Why,
    CachesReport Caches,
    IReadOnlyDictionary<string, string> Switches,
    string Runtime,
    string Os,
    string Architecture);

/// <summary>The reports as JSON, each on one line, by code made at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(TrainReport))]
[JsonSerializable(typeof(EvaluateReport))]
[JsonSerializable(typeof(PredictReport))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(InfoReport))]
[JsonSerializable(typeof(ProductReport))]
internal sealed partial class Reports : JsonSerializerContext
{
    internal static void Write<T>(T report, TextWriter writer) =>
        writer.WriteLine(JsonSerializer.Serialize(report, typeof(T), Default));
}
