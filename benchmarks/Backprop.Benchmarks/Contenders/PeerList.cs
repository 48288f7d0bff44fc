using Backprop.Benchmarks.Compare;

namespace Backprop.Benchmarks.Contenders;

/// <summary>Chooses among the peers.</summary>
internal static class PeerList
{
    /// <summary>The names of all peers in the order of reports; the peers themselves are known only when they have been built.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["openblas", "blis", "mkl", "mathnet", "cpumath", "numsharp", "onnxruntime", "libtorch"];

    /// <summary>Refuses an unknown name.</summary>
    public static void RequireKnown(IEnumerable<string> names)
    {
        foreach (string name in names.Except(Names))
            throw new InputException($"unknown peer '{name}', expected {string.Join(", ", Names)}");
    }

    /// <summary>
    /// The peers of the given names in the order of reports, or all when there are no names. A peer that this machine does not have stays in
    /// the list and is told about later.
    /// </summary>
    public static IReadOnlyList<IPeer> Select(IReadOnlyList<IPeer> peers, IReadOnlyCollection<string> names) =>
        names.Count == 0 ? peers : [.. peers.Where(peer => names.Contains(peer.Name))];
}
