namespace Backprop.Benchmarks.Reports;

/// <summary>The machine and the runtime a report was made on.</summary>
/// <param name="Cpu">The processor's name.</param>
/// <param name="LogicalCores">Cores this process may use, a container's limit respected.</param>
/// <param name="PhysicalCores">Cores of the machine without their hardware threads; 0 where the machine does not tell.</param>
/// <param name="Architecture">The instruction set of the process, such as X64.</param>
/// <param name="Caches">Data caches.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="Runtime">Name and version of .NET.</param>
/// <param name="Library">Version of Backprop.</param>
/// <param name="TensorPrimitives">Version of System.Numerics.Tensors.</param>
/// <param name="HardwareAccelerated">By level, whether the runtime accelerates vectors of that width.</param>
/// <param name="InstructionSets">The instruction sets that the runtime uses: <c>AVX2</c>, <c>FMA</c>, <c>AVX-512F</c>.</param>
/// <param name="Simd">Which level the library uses, and why.</param>
/// <param name="Switches">Environment variables that change the code that runs.</param>
/// <param name="Date">Local time at the start, ISO 8601 with the offset.</param>
/// <param name="Warnings">What makes the times worthless.</param>
internal sealed record MachineReport(
    string Cpu,
    int LogicalCores,
    int PhysicalCores,
    string Architecture,
    CachesReport Caches,
    string OperatingSystem,
    string Runtime,
    string Library,
    string TensorPrimitives,
    IReadOnlyDictionary<string, bool> HardwareAccelerated,
    IReadOnlyList<string> InstructionSets,
    string Simd,
    IReadOnlyDictionary<string, string> Switches,
    string Date,
    IReadOnlyList<string> Warnings);
