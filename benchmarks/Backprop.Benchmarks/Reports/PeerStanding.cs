using Backprop.Benchmarks.Contenders;

namespace Backprop.Benchmarks.Reports;

/// <summary>How the library stands against the other programs at one shape.</summary>
/// <param name="Own">The library's row, at the level it picks by itself.</param>
/// <param name="Best">The fastest of the others.</param>
/// <param name="Others">The rest of them, fastest first.</param>
internal sealed record PeerStanding(RowReport Own, RowReport Best, IReadOnlyList<RowReport> Others)
{
    private const string OwnLevel = AutoContender.Level, TensorPrimitives = "tensorprimitives";

    /// <summary>Time of the best other program divided by the library's: below 1 the library is behind.</summary>
    public double Ratio => Best.MedianNs / Own.MedianNs;

    public bool IsBehind => Ratio < 1;

    /// <summary>Whether the two differ by more than the measurement's own noise.</summary>
    public bool IsClear => Significance.IsSlower(Own, Best) || Significance.IsSlower(Best, Own);

    /// <summary>One a shape and thread count at which the library and a peer were measured, in the order of the rows.</summary>
    public static IEnumerable<PeerStanding> Of(Report report)
    {
        HashSet<string> peers = [.. Programs(report).Select(peer => peer.Name)];
        foreach (IGrouping<(string, string, int), RowReport> shape in report.Rows.GroupBy(row => (row.Kernel, row.Shape, row.Threads)))
        {
            RowReport? own = shape.FirstOrDefault(row => row.Level == OwnLevel);
            if (own is null || !shape.Any(row => peers.Contains(row.Level)))
                continue;
            List<RowReport> others =
                [.. shape.Where(row => peers.Contains(row.Level) || row.Level == TensorPrimitives).OrderBy(row => row.MedianNs)];
            yield return new PeerStanding(own, others[0], others[1..]);
        }
    }

    /// <summary>The peers that are other programs: all but another build of the library.</summary>
    public static IEnumerable<PeerReport> Programs(Report report) => report.Peers.Where(peer => peer.Name != OtherBuild.Level);
}
