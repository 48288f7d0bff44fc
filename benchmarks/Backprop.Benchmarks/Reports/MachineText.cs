namespace Backprop.Benchmarks.Reports;

/// <summary>Machine and limits as pairs of a name and a text, the same in every report.</summary>
internal static class MachineText
{
    public static IEnumerable<(string Name, string Text)> Lines(MachineReport machine)
    {
        string physical = machine.PhysicalCores > 0 ? $" of {machine.PhysicalCores} cores" : "";
        yield return ("CPU", $"{machine.Cpu}, {machine.Architecture}, {machine.LogicalCores} hardware threads{physical} available");
        CachesReport caches = machine.Caches;
        yield return ("caches", $"L1 {Units.Bytes(caches.L1)}, L2 {Units.Bytes(caches.L2)}, L3 {Units.Bytes(caches.L3)} ({caches.Source})");
        yield return ("system", machine.OperatingSystem);
        yield return ("runtime", $"{machine.Runtime}, Backprop {machine.Library}, TensorPrimitives {machine.TensorPrimitives}");
        yield return ("accelerated", string.Join(
            ", ", machine.HardwareAccelerated.Select(entry => $"{entry.Key} {(entry.Value ? "yes" : "no")}")));
        yield return ("instruction sets", string.Join(", ", machine.InstructionSets));
        yield return ("library uses", machine.Simd);
        yield return ("switches", machine.Switches.Count == 0
            ? "none"
            : string.Join(", ", machine.Switches.Select(entry => $"{entry.Key}={entry.Value}")));
        yield return ("date", machine.Date);
    }

    public static IEnumerable<(string Name, string Text)> Lines(LimitsReport limits)
    {
        yield return ("FMA peak, 1 thread", Peaks(limits.FmaGflopsByLevel));
        yield return ("read, 1 thread", Bandwidths(limits.ReadGBps));
        yield return ("write, 1 thread", Bandwidths(limits.WriteGBps));
        yield return ("copy, 1 thread", Bandwidths(limits.CopyGBps));
        foreach (ThreadLimitsReport threads in limits.Threads)
        {
            yield return ($"FMA peak, {threads.Threads} threads", Peaks(threads.FmaGflopsByLevel));
            yield return ($"read, {threads.Threads} threads", Bandwidths(threads.ReadGBps));
            yield return ($"write, {threads.Threads} threads", Bandwidths(threads.WriteGBps));
            yield return ($"copy, {threads.Threads} threads", Bandwidths(threads.CopyGBps));
        }
    }

    private static string Peaks(IReadOnlyDictionary<string, double> byLevel) =>
        string.Join(", ", byLevel.Select(entry => $"{entry.Key} {Units.Digits(entry.Value)}")) + " GFLOP/s";

    private static string Bandwidths(IReadOnlyDictionary<string, double> byLevel) =>
        string.Join(", ", byLevel.Select(entry => $"{entry.Key} {Units.Digits(entry.Value)}")) + " GB/s";
}
