using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Backprop.Benchmarks.Reports;
using Backprop.Simd;

namespace Backprop.Benchmarks.Machine;

/// <summary>What really runs: processor, runtime, instruction sets and switches.</summary>
internal static class MachineInfo
{
    public static MachineReport Read(CacheSizes caches) => new(
        Cpu: CpuName.Read(),
        LogicalCores: Environment.ProcessorCount,
        PhysicalCores: PhysicalCores.Count(),
        Architecture: RuntimeInformation.ProcessArchitecture.ToString(),
        Caches: new(caches.L1, caches.L2, caches.L3, caches.Source),
        OperatingSystem: RuntimeInformation.OSDescription,
        Runtime: RuntimeInformation.FrameworkDescription,
        Library: Version(typeof(SimdSupport).Assembly),
        TensorPrimitives: Version(typeof(System.Numerics.Tensors.TensorPrimitives).Assembly),
        HardwareAccelerated: Enum.GetValues<SimdLevel>().Skip(1).ToDictionary(level => level.ToName(), SimdSupport.IsSupported),
        InstructionSets: InstructionSets.Used(),
        Simd: SimdSupport.Explain(),
        Switches: Switches(Environment.GetEnvironmentVariables()),
        Date: DateTimeOffset.Now.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        Warnings:
        [
            .. Warnings(),
            .. HiddenWidth(Avx512F.IsSupported, SimdSupport.IsSupported(SimdLevel.V512), Environment.GetEnvironmentVariables()),
        ]);

    private const string WidthSwitch = "PreferredVectorBitWidth";

    /// <summary>The environment variables that change what the runtime or the library does.</summary>
    public static IReadOnlyDictionary<string, string> Switches(IDictionary environment) =>
        environment.Cast<DictionaryEntry>()
            .Select(entry => (Name: (string)entry.Key, Value: (string?)entry.Value ?? ""))
            .Where(entry => ChangesCode(entry.Name))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .ToDictionary(entry => entry.Name, entry => entry.Value);

    // DOTNET_ has many variables that say nothing about code: folders, telemetry, the command line's language
    private static bool ChangesCode(string name)
    {
        string[] prefixes = ["DOTNET_", "COMPlus_"];
        string[] parts = ["Enable", "Vector", "Tiered", "TC_", "OSR", "ReadyToRun", "GC", "Jit", "PGO", "Processor"];
        return name.StartsWith("BACKPROP_", StringComparison.Ordinal)
            || prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)
                && parts.Any(part => name.AsSpan(prefix.Length).StartsWith(part, StringComparison.OrdinalIgnoreCase)
                    || name.AsSpan(prefix.Length).StartsWith("Preferred" + part, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>
    /// A warning where the processor has 512-bit instructions and the runtime does not use them although nobody told it so, as it does on
    /// processors that lower their clock rate for them.
    /// </summary>
    public static IEnumerable<string> HiddenWidth(bool hasInstructions, bool isUsed, IDictionary environment)
    {
        if (hasInstructions && !isUsed && !Switches(environment).Keys.Any(name => name.EndsWith(WidthSwitch, StringComparison.Ordinal)))
        {
            yield return "This processor has AVX-512, and .NET does not use its 512 bits because they lower the clock rate:"
                + $" DOTNET_{WidthSwitch}=512 makes it use them.";
        }
    }

    /// <summary>The version of an assembly with the beginning of its commit.</summary>
    public static string Version(Assembly assembly)
    {
        string version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? assembly.GetName().Version?.ToString() ?? "unknown";
        // of the commit after the plus sign, as much as git shows
        const int CommitDigits = 7;
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? version : version[..Math.Min(version.Length, plus + 1 + CommitDigits)];
    }

    private static IEnumerable<string> Warnings()
    {
        // the attribute is what a Debug build differs by: it tells the runtime not to optimise
        if (new[] { typeof(SimdSupport).Assembly, typeof(MachineInfo).Assembly }
            .Any(assembly => assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true))
        {
            yield return "This is a Debug build: the times mean nothing. Run it with -c Release.";
        }
        if (Debugger.IsAttached)
            yield return "A debugger is attached: the times mean little.";
        if (!Fma.IsSupported && !AdvSimd.IsSupported)
        {
            yield return "This process has no instruction for fused multiply-adds: the library's run in software,"
                + " and loops that multiply and add apart can pass the FMA limit.";
        }
    }
}
