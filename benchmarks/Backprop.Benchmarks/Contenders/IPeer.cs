using Backprop.Benchmarks.Reports;

namespace Backprop.Benchmarks.Contenders;

/// <summary>Another program or library, measured beside this one when it is asked for.</summary>
internal interface IPeer : IContender
{
    /// <summary>Its version and the code it chose, when it works with that number of threads.</summary>
    PeerReport Describe(int threads);
}
