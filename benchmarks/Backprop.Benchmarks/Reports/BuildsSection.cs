using Backprop.Benchmarks.Contenders;
using static Backprop.Benchmarks.Reports.HtmlText;

namespace Backprop.Benchmarks.Reports;

/// <summary>This build of the library against the one that was measured beside it; empty when there was none.</summary>
internal static class BuildsSection
{
    public static string Render(Report report) => BuildText.Summary(report) is not string summary
        ? ""
        : $"""
            <section id="builds"><h2>Against another build</h2>
            <p>Time of the other build divided by this one's in short turns, the median; below 1 this one is slower. The times are the rows' own.
            {Encode(summary)}. The other build: {Encode(Describe(report))}.</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Against another build"><table>
            <thead><tr><th scope="col">kernel</th><th scope="col">shape</th><th scope="col" class="number">threads</th>
            <th scope="col" class="number">new</th><th scope="col" class="number">old</th>
            <th scope="col" class="number">{BuildText.Heading}</th></tr></thead>
            <tbody>
            {string.Concat(BuildStanding.Of(report.Rows).Select(Line))}</tbody></table></div></section>
            """;

    private static string Describe(Report report) =>
        string.Join(", ", report.Peers.Where(peer => peer.Name == OtherBuild.Level).Select(peer => peer.ToText()));

    private static string Line(BuildStanding standing) => Row(
        Text(standing.New.Kernel), Text(standing.New.Shape), Number($"{standing.New.Threads}"), Number(Units.Time(standing.New.MedianNs)),
        Number(Units.Time(standing.Old.MedianNs)),
        standing.IsSlower
            ? $"<td class=\"number\"><strong class=\"behind\">{Encode(BuildText.RatioAndNoise(standing))}</strong></td>"
            : Number(BuildText.RatioAndNoise(standing)));
}
