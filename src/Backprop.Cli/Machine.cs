using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Backprop.Simd;

namespace Backprop.Cli;

/// <summary>What can be said about this computer and about the switches this process runs under.</summary>
internal static class Machine
{
    // The switches, and first parts of names of switches, that change which code is compiled or chosen, and with it speed.
    private static readonly string[] s_switchFamilies =
    [
        SimdSupport.EnvironmentVariable, CacheSizes.EnvironmentVariable,
        "DOTNET_EnableAVX", "DOTNET_EnableHW", "DOTNET_Preferred", "DOTNET_MaxVectorT",
        "DOTNET_Tiered", "DOTNET_TC_", "DOTNET_ReadyToRun",
    ];

    /// <summary>The name of the processor.</summary>
    internal static string CpuName() =>
        ReadCpuId() ?? ReadProcCpuInfo() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";

    /// <summary>Name and value of each switch in force that decides about vector width, cache sizes or compilation.</summary>
    internal static SortedDictionary<string, string> Switches()
    {
        SortedDictionary<string, string> switches = new(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            if (s_switchFamilies.Any(family => name.StartsWith(family, StringComparison.Ordinal)))
                switches[name] = (string)variable.Value!;
        }

        foreach (string name in new[] { SimdSupport.SwitchName, CacheSizes.SwitchName })
        {
            if (AppContext.GetData(name) is { } configured)
                switches[name] = Convert.ToString(configured, CultureInfo.InvariantCulture) ?? "";
        }
        return switches;
    }

    // Leaves 0x80000002 to 0x80000004 hold the brand string, sixteen characters each.
    private static string? ReadCpuId()
    {
        if (!X86Base.IsSupported || (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax < 0x80000004)
            return null;

        Span<int> brand = stackalloc int[12];
        for (int i = 0; i < 3; i++)
            (brand[4 * i], brand[(4 * i) + 1], brand[(4 * i) + 2], brand[(4 * i) + 3]) = X86Base.CpuId(unchecked((int)0x80000002) + i, 0);
        return Encoding.ASCII.GetString(MemoryMarshal.AsBytes(brand)).Trim('\0', ' ');
    }

    // Without hardware intrinsics there is no CpuId; Linux on Arm has "model name" on some systems only.
    private static string? ReadProcCpuInfo()
    {
        const string Path = "/proc/cpuinfo";
        return File.Exists(Path)
            ? File.ReadLines(Path).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
    }
}
