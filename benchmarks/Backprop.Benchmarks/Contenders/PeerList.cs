using Backprop.Benchmarks.Compare;

namespace Backprop.Benchmarks.Contenders;

/// <summary>Chooses among the peers.</summary>
internal static class PeerList
{
    /// <summary>
    /// The peers of the given names in the order of reports, or all when there are no names. An unknown name is an
    /// <see cref="InputException"/>; a peer that this machine does not have stays in the list and is told about later.
    /// </summary>
    public static IReadOnlyList<IPeer> Select(IReadOnlyList<IPeer> peers, IReadOnlyCollection<string> names)
    {
        foreach (string name in names.Where(name => peers.All(peer => peer.Name != name)))
            throw new InputException($"unknown peer '{name}', expected {string.Join(", ", peers.Select(peer => peer.Name))}");
        return names.Count == 0 ? peers : [.. peers.Where(peer => names.Contains(peer.Name))];
    }
}
