using Backprop.Benchmarks.Cases;
using BenchmarkDotNet.Attributes;

namespace Backprop.Benchmarks.Suites;

/// <summary>A step of each optimiser.</summary>
[BenchmarkCategory("update")]
public class UpdateBenchmarks : KernelBenchmarks
{
    [ParamsSource(nameof(Rules))]
    public string Rule { get; set; } = "";

    public static IEnumerable<string> Rules => Enum.GetValues<UpdateRule>().Select(UpdateCase.Name);

    [Params(1000, 50_000)]
    public int Length { get; set; }

    [GlobalSetup(Target = nameof(Update))]
    public void SetUpUpdate() => SetUp(nameof(Update));

    [Benchmark]
    [KernelShape("{Rule}:{Length}")]
    public void Update() => Run();
}
