using Backprop.Simd;
using BenchmarkDotNet.Jobs;

namespace Backprop.Benchmarks.Suites;

/// <summary>A set of instructions the runtime is told to use, by a switch it reads when a process starts.</summary>
/// <param name="Name">As it stands in the job's name.</param>
/// <param name="Switch">The environment variable that is set to 0, or null to leave the runtime alone.</param>
/// <param name="Widest">The widest level that is left, at most.</param>
internal sealed record InstructionSet(string Name, string? Switch, SimdLevel Widest)
{
    // tells the benchmark's process what it is meant to be
    private const string Marker = "BACKPROP_BENCHMARK_INSTRUCTION_SET";

    public static InstructionSet Default { get; } = new("default", null, SimdLevel.V512);

    public static IReadOnlyList<InstructionSet> Restricted { get; } =
    [
        new("no AVX-512", "DOTNET_EnableAVX512", SimdLevel.V256),
        new("no AVX2", "DOTNET_EnableAVX2", SimdLevel.V128),
        new("no intrinsics", "DOTNET_EnableHWIntrinsic", SimdLevel.Scalar),
    ];

    /// <summary>The job with this instruction set; <paramref name="prefix"/> tells it from others made of another job.</summary>
    public Job Apply(Job job, string prefix)
    {
        Job named = job.WithId(prefix.Length > 0 ? $"{prefix}, {Name}" : Name);
        return Switch is null
            ? named
            : named.WithEnvironmentVariables(new EnvironmentVariable(Switch, "0"), new EnvironmentVariable(Marker, Name));
    }

    /// <summary>The restricted set that a job was made with, or null.</summary>
    public static InstructionSet? Of(Job job) =>
        job.Environment.EnvironmentVariables?.FirstOrDefault(variable => variable.Key == Marker) is { } marker
            ? Restricted.FirstOrDefault(set => set.Name == marker.Value)
            : null;

    /// <summary>Throws when this process does not run what the name of its job says.</summary>
    public static void VerifyProcess()
    {
        if (Environment.GetEnvironmentVariable(Marker) is not string name)
            return;
        InstructionSet expected = Restricted.FirstOrDefault(set => set.Name == name)
            ?? throw new InvalidOperationException($"the job's instruction set '{name}' is unknown");
        if (SimdSupport.Widest > expected.Widest)
        {
            throw new InvalidOperationException(
                $"the job says '{name}', {expected.Widest.ToName()} at most, but this process accelerates {SimdSupport.Widest.ToName()}:"
                + $" the runtime ignored {expected.Switch}=0");
        }
    }
}
