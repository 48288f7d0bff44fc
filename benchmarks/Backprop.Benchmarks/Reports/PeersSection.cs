using static Backprop.Benchmarks.Reports.HtmlText;

namespace Backprop.Benchmarks.Reports;

/// <summary>The library against the other programs that were measured beside it; empty when there were none.</summary>
internal static class PeersSection
{
    public static string Render(Report report)
    {
        List<PeerStanding> standings = [.. PeerStanding.Of(report)];
        if (standings.Count == 0)
            return "";
        int behind = standings.Count(standing => standing.IsBehind);
        return $"""
            <section id="peers"><h2>Against other programs</h2>
            <p>The library at the level it picks by itself; a ratio below 1 means that it is behind, as at {behind} of
            {standings.Count} shapes. {Encode(PeerText.Describe(PeerStanding.Programs(report)))}</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Against other programs"><table>
            <thead><tr><th scope="col">kernel</th><th scope="col">shape</th><th scope="col" class="number">threads</th>
            <th scope="col" class="number">Backprop</th><th scope="col">best other program</th>
            <th scope="col" class="number">its time / Backprop's</th><th scope="col">the others</th></tr></thead>
            <tbody>
            {string.Concat(standings.Select(Line))}</tbody></table></div></section>
            """;
    }

    private static string Line(PeerStanding standing) => Row(
        Text(standing.Own.Kernel), Text(standing.Own.Shape), Number($"{standing.Own.Threads}"), Number(Units.Time(standing.Own.MedianNs)),
        Text($"{standing.Best.Level} {Units.Time(standing.Best.MedianNs)}"),
        standing.IsBehind
            ? $"<td class=\"number\"><strong class=\"behind\">{Encode(PeerText.Ratio(standing))}</strong></td>"
            : Number(PeerText.Ratio(standing)),
        Text(PeerText.Others(standing)));
}
