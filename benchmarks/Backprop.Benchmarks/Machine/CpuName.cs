using System.Runtime.InteropServices;

namespace Backprop.Benchmarks.Machine;

/// <summary>The processor's name.</summary>
internal static class CpuName
{
    private const string LinuxFile = "/proc/cpuinfo";

    public static string Read()
    {
        if (File.Exists(LinuxFile) && Parse(File.ReadLines(LinuxFile)) is string name)
            return name;
        // Windows has it in the environment, in a less readable form
        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? $"unknown {RuntimeInformation.ProcessArchitecture} processor";
    }

    /// <summary>The model in the text of <c>/proc/cpuinfo</c>, with family and model number where the name alone says little.</summary>
    public static string? Parse(IEnumerable<string> lines)
    {
        Dictionary<string, string> fields = [];
        foreach (string line in lines.TakeWhile(line => line.Length > 0))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                fields.TryAdd(line[..colon].Trim(), line[(colon + 1)..].Trim());
        }
        if (!fields.TryGetValue("model name", out string? name))
            return null;
        return fields.TryGetValue("cpu family", out string? family) && fields.TryGetValue("model", out string? model)
            ? $"{name} (family {family}, model {model})"
            : name;
    }
}
