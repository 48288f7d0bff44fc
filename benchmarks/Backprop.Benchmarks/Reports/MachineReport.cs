namespace Backprop.Benchmarks.Reports;

/// <summary>The machine and the runtime a report was made on.</summary>
/// <param name="LogicalCores">Cores this process may use, a container's limit respected.</param>
/// <param name="HardwareAccelerated">By level, whether the runtime accelerates vectors of that width.</param>
/// <param name="Simd">Which level the library uses, and why.</param>
/// <param name="Switches">Environment variables that change the code that runs.</param>
internal sealed record MachineReport(
    string Cpu,
    int LogicalCores,
    string Architecture,
    CachesReport Caches,
    string OperatingSystem,
    string Runtime,
    string Library,
    string TensorPrimitives,
    IReadOnlyDictionary<string, bool> HardwareAccelerated,
    string Simd,
    IReadOnlyDictionary<string, string> Switches,
    string Date,
    IReadOnlyList<string> Warnings);
