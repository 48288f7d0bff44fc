using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Reflection;

namespace Backprop.Benchmarks.Measuring;

/// <summary>
/// Listens to the runtime to know in which tier a method was compiled last. It has to be there before the methods it is asked about.
/// </summary>
internal sealed class TierWatch : EventListener
{
    private const string RuntimeSource = "Microsoft-Windows-DotNETRuntime";

    // the runtime's keyword for methods that are compiled, and its event that names them
    private const EventKeywords JitKeyword = (EventKeywords)0x10;
    private const string LoadEvent = "MethodLoadVerbose";

    // where the event's flags have the tier, and the tiers that no other follows: Optimized, Tier1, Tier1OSR
    private const int TierShift = 7, TierMask = 7;
    private static readonly int[] s_lastTiers = [2, 4, 5];

    // an instance field would not be there yet when the base class's constructor calls OnEventSourceCreated
    private static readonly ConcurrentDictionary<(string Type, string Method), int> s_tiers = new();

    /// <summary>Whether the method runs in its last tier, or was compiled before the watch began.</summary>
    public static bool IsInLastTier(MethodInfo method) =>
        !s_tiers.TryGetValue((method.DeclaringType?.FullName ?? "", method.Name), out int tier) || s_lastTiers.Contains(tier);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == RuntimeSource)
            EnableEvents(eventSource, EventLevel.Verbose, JitKeyword);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith(LoadEvent, StringComparison.Ordinal) != true)
            return;
        if (Payload(eventData, "MethodNamespace") is not string type || Payload(eventData, "MethodName") is not string method)
            return;
        uint flags = Convert.ToUInt32(Payload(eventData, "MethodFlags"), CultureInfo.InvariantCulture);
        s_tiers[(type, method)] = (int)(flags >> TierShift) & TierMask;
    }

    private static object? Payload(EventWrittenEventArgs eventData, string name) =>
        eventData.PayloadNames?.IndexOf(name) is int index and >= 0 ? eventData.Payload?[index] : null;
}
