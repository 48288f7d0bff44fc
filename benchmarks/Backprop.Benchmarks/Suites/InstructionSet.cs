using Backprop.Simd;
using BenchmarkDotNet.Jobs;

namespace Backprop.Benchmarks.Suites;

/// <summary>A set of instructions the runtime is told to use, by a switch it reads when a process starts.</summary>
/// <param name="Name">As it stands in the job's name.</param>
/// <param name="Switch">The environment variable that is set to 0, or null to leave the runtime alone.</param>
/// <param name="Widest">The widest level that is left, on a CPU that has more.</param>
internal sealed record InstructionSet(string Name, string? Switch, SimdLevel Widest)
{
    // tell the benchmark's process what it is meant to be
    private const string Marker = "BACKPROP_BENCHMARK_INSTRUCTION_SET", LevelMarker = "BACKPROP_BENCHMARK_WIDEST";

    public static InstructionSet Default { get; } = new("default", null, SimdSupport.Widest);

    public static IReadOnlyList<InstructionSet> Restricted { get; } =
    [
        new("no AVX-512", "DOTNET_EnableAVX512", SimdLevel.V256),
        new("no AVX2", "DOTNET_EnableAVX2", SimdLevel.V128),
        new("no intrinsics", "DOTNET_EnableHWIntrinsic", SimdLevel.Scalar),
    ];

    /// <summary>The job with this instruction set; <paramref name="prefix"/> tells it from others made of another job.</summary>
    public Job Apply(Job job, string prefix)
    {
        // it is a folder of the build too, where a comma would end MSBuild's property
        Job named = job.WithId(prefix.Length > 0 ? $"{prefix} {Name}" : Name);
        EnvironmentVariable[] markers = [new(Marker, Name), new(LevelMarker, Widest.ToName())];
        return named.WithEnvironmentVariables(Switch is null ? markers : [new(Switch, "0"), .. markers]);
    }

    /// <summary>The set that a job was made with, or null.</summary>
    public static InstructionSet? Of(Job job) =>
        job.Environment.EnvironmentVariables?.FirstOrDefault(variable => variable.Key == Marker) is { } marker ? Named(marker.Value) : null;

    /// <summary>Throws when this process does not run what the name of its job says.</summary>
    public static void VerifyProcess() => Verify(
        Environment.GetEnvironmentVariable(Marker),
        SimdSupport.TryParse(Environment.GetEnvironmentVariable(LevelMarker), out SimdLevel expected) ? expected : SimdSupport.Widest,
        SimdSupport.Widest,
        Restricted.Select(set => set.Switch!).FirstOrDefault(IsOff));

    /// <summary>
    /// Throws unless the widest level of a process is the one its job was made for. A job without a name, as BenchmarkDotNet adds for
    /// --job, is the default one: all that the CPU has, so that a switch which is off there, by whoever started the program, is an error.
    /// </summary>
    internal static void Verify(string? name, SimdLevel expected, SimdLevel widest, string? switchedOff)
    {
        InstructionSet set = name is null
            ? Default
            : Named(name) ?? throw new InvalidOperationException($"the job's instruction set '{name}' is unknown");
        if (widest != expected)
        {
            throw new InvalidOperationException(
                $"the job says '{set.Name}', {expected.ToName()}, but this process accelerates {widest.ToName()}:"
                + (widest > expected ? $" the runtime ignored {set.Switch}=0" : " something else is switched off as well"));
        }
        if (set.Switch is null && switchedOff is not null)
        {
            throw new InvalidOperationException(
                $"the job says '{set.Name}', all that the CPU has, but {switchedOff}=0 is in this process's environment");
        }
    }

    private static InstructionSet? Named(string name) => Restricted.Prepend(Default).FirstOrDefault(set => set.Name == name);

    private static bool IsOff(string variable) => Environment.GetEnvironmentVariable(variable) == "0";
}
