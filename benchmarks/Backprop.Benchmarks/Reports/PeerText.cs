using Backprop.Benchmarks.Contenders;

namespace Backprop.Benchmarks.Reports;

/// <summary>Peers in words, the same in every report.</summary>
internal static class PeerText
{
    /// <summary>The peer's name with what it is.</summary>
    public static string Name(PeerReport peer) => peer.Name == OtherBuild.Level ? "another build" : $"peer {peer.Name}";

    public static string Describe(IEnumerable<PeerReport> peers) =>
        string.Join("; ", peers.Select(peer => $"{peer.Name} {peer.ToText()}")) + ".";

    /// <summary>The ratio with the word for a loss, and whether the noise lets one tell.</summary>
    public static string Ratio(PeerStanding standing)
    {
        string behind = standing.IsBehind ? " behind" : "", noise = standing.IsClear ? "" : ", within the noise";
        return $"{Units.Digits(standing.Ratio)}{behind}{noise}";
    }

    public static string Others(PeerStanding standing) =>
        string.Join(", ", standing.Others.Select(row => $"{row.Level} {Units.Time(row.MedianNs)}"));
}
