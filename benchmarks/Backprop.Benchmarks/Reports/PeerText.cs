namespace Backprop.Benchmarks.Reports;

/// <summary>Peers in words, the same in every report.</summary>
internal static class PeerText
{
    public static string Describe(IEnumerable<PeerReport> peers) => string.Join("; ", peers.Select(Describe)) + ".";

    private static string Describe(PeerReport peer)
    {
        string kernel = peer.Kernel.Length == 0 ? "" : $", {peer.Kernel} kernels";
        return $"{peer.Name} {peer.Version} on {peer.Threads} {(peer.Threads == 1 ? "thread" : "threads")}{kernel}";
    }

    /// <summary>The ratio with the word for a loss, and whether the noise lets one tell.</summary>
    public static string Ratio(PeerStanding standing)
    {
        string behind = standing.IsBehind ? " behind" : "", noise = standing.IsClear ? "" : ", within the noise";
        return $"{Units.Digits(standing.Ratio)}{behind}{noise}";
    }

    public static string Others(PeerStanding standing) =>
        string.Join(", ", standing.Others.Select(row => $"{row.Level} {Units.Time(row.MedianNs)}"));
}
