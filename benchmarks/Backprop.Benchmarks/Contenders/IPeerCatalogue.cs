namespace Backprop.Benchmarks.Contenders;

/// <summary>The door to an assembly of peers: its one type of this kind has a constructor without parameters.</summary>
internal interface IPeerCatalogue
{
    /// <summary>All peers it knows, those that this machine does not have among them.</summary>
    IReadOnlyList<IPeer> Peers { get; }
}
