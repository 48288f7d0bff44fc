namespace Backprop.Benchmarks.Reports;

/// <summary>Another program that was measured beside the library, or another build of the library.</summary>
/// <param name="Name">The level of its rows: <c>openblas</c>, <c>with</c> for another build of the library.</param>
/// <param name="Version">As it tells itself.</param>
/// <param name="Threads">Threads it was told to use in its rows, or those of its own choice.</param>
/// <param name="Kernel">
/// The code it chose for this processor, such as OpenBLAS's core name; empty where it does not tell; the file of another build.
/// </param>
internal sealed record PeerReport(string Name, string Version, int Threads, string Kernel)
{
    /// <summary>All but the name, in one line.</summary>
    public string ToText() =>
        $"{Version}, {Threads} {(Threads == 1 ? "thread" : "threads")}{(Kernel.Length > 0 ? $", {Kernel}" : "")}";
}
