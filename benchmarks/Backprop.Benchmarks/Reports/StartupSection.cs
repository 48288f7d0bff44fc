using static Backprop.Benchmarks.Reports.HtmlText;

namespace Backprop.Benchmarks.Reports;

/// <summary>New processes up to their first prediction, step and epoch; empty when none was started.</summary>
internal static class StartupSection
{
    public static string Render(IReadOnlyList<RowReport> rows) => !rows.Any(row => row.IsStartup)
        ? ""
        : $"""
            <section id="startup"><h2>The start of a process</h2>
            <p>Every sample is a new process: the time from the beginning of its main, the median; the methods that the runtime compiled
            meanwhile and how long it took, on all threads. = means as fast as that level within the noise.</p>
            <div class="scroll" tabindex="0" role="region" aria-label="The start of a process"><table>
            <thead><tr><th scope="col">kernel</th><th scope="col">shape</th><th scope="col">level</th>
            <th scope="col" class="number">time</th><th scope="col" class="number">spread</th><th scope="col" class="number">× scalar</th>
            <th scope="col" class="number">methods compiled</th><th scope="col" class="number">JIT</th>
            <th scope="col" class="number">allocated</th></tr></thead>
            <tbody>
            {string.Concat(rows.Where(row => row.IsStartup).Select(Line))}</tbody></table></div></section>
            """;

    private static string Line(RowReport row) => Row(
        Text(row.Kernel), Text(row.Shape), Text(row.EqualTo is null ? row.Level : $"{row.Level} = {row.EqualTo}"),
        Number(Units.Time(row.MedianNs)), Number(Units.Spread(row)), Number(Units.Factor(row.OverScalar)), Number(Units.Methods(row)),
        Number(Units.Jit(row)), Number(Units.Bytes(row.AllocatedBytes)));
}
