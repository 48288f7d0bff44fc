using System.Diagnostics;
using System.Runtime.CompilerServices;
using Backprop.Benchmarks.Measuring;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public class TierWatchTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static int s_calls;

    [Fact]
    public void A_method_is_in_its_first_tier_when_called_once_and_in_its_last_after_many_calls()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("DOTNET_TieredCompilation") == "0", "there is one tier only");
        using TierWatch watch = new();
        Action method = Count;
        method();
        Assert.True(Becomes(() => !TierWatch.IsInLastTier(method.Method)), "the first tier was not seen");
        Assert.True(Becomes(() => { method(); return TierWatch.IsInLastTier(method.Method); }), $"still not after {s_calls} calls");
        // two tiers of thirty calls each
        Assert.InRange(s_calls, 30, int.MaxValue);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Count() => s_calls++;

    // the runtime waits before it promotes a method, and its events come a moment later
    private static bool Becomes(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < s_patience)
        {
            if (condition())
                return true;
            Thread.Sleep(1);
        }
        return false;
    }
}
