using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;

namespace Backprop.Peers;

/// <summary>A peer that this build does not have, so that its name is known and the reason is told.</summary>
internal sealed class LeftOutPeer(string name, string reason) : IPeer
{
    public string Name => name;

    public string? Unavailable => reason;

    public BoundCall? Bind(KernelCase problem, int threads) => null;

    public PeerReport Describe(int threads) => new(name, "", threads, "");
}
