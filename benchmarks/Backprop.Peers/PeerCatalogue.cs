using Backprop.Benchmarks.Contenders;
using Backprop.Peers.Blas;
using Backprop.Peers.Managed;
using Backprop.Peers.Onnx;

namespace Backprop.Peers;

/// <summary>All peers, in the order of reports.</summary>
internal sealed class PeerCatalogue : IPeerCatalogue
{
    public IReadOnlyList<IPeer> Peers { get; } =
    [
        new OpenBlasPeer(),
        new BlisPeer(),
        new MklPeer(),
        new MathNetPeer(),
        new CpuMathPeer(),
        new NumSharpPeer(),
        new OnnxRuntimePeer(),
#if LIBTORCH
        new LibTorch.LibTorchPeer(),
#else
        new LeftOutPeer("libtorch", "not built in: build with -p:LibTorch=true, or set LibTorch=true in the environment"),
#endif
    ];
}
