using System.Text.Json.Serialization;

namespace Backprop.Benchmarks.Reports;

/// <summary>One kernel at one shape and level.</summary>
/// <param name="Kernel">The kernel with its option after a dash: <c>gemm-nt</c>.</param>
/// <param name="Shape">Its sizes: <c>128x512x784</c>, <c>784-30-10:10</c>.</param>
/// <param name="Level">Who did the work.</param>
/// <param name="Threads">Threads the work was offered.</param>
/// <param name="MedianNs">Median time of a call in nanoseconds.</param>
/// <param name="LowerQuartileNs">A quarter of the samples were faster.</param>
/// <param name="UpperQuartileNs">A quarter of the samples were slower.</param>
/// <param name="Samples">Samples taken, each of many calls where a call is short.</param>
/// <param name="Gflops">10⁹ floating-point operations a second; null in reports that do not count them.</param>
/// <param name="Gbps">10⁹ bytes a second, counting what has to be moved at least.</param>
/// <param name="OfLimit">The time the measured limits allow, divided by the median.</param>
/// <param name="Limit">What the limit is: <c>FMA</c>, or the cache level whose bandwidth bounds the call.</param>
/// <param name="OverScalar">Time of the scalar level divided by this one's; null when that was not measured.</param>
/// <param name="AllocatedBytes">Bytes allocated by a call.</param>
/// <param name="Flops">Floating-point operations of a call; 0 in reports that do not count them.</param>
/// <param name="Bytes">Bytes a call has to move at least.</param>
/// <param name="WorkingSet">Bytes that live in a cache while the call is repeated.</param>
/// <param name="Home">The cache level that holds the working set: <c>L1</c>, <c>L2</c>, <c>L3</c> or <c>DRAM</c>.</param>
/// <param name="EqualTo">The fastest level at this shape and thread count when this row does not differ from it beyond the noise.</param>
/// <param name="Stable">False when the warm-up's time ran out while the method was still changing.</param>
/// <param name="OtherBuild">How another build did at the same time; null in all rows but those that one was held against.</param>
/// <param name="CompiledMethods">Methods the runtime compiled in a process that was timed from its start; null in all other rows.</param>
/// <param name="JitMs">Milliseconds it took to compile them, all threads together; null in all other rows.</param>
internal sealed record RowReport(
    string Kernel,
    string Shape,
    string Level,
    int Threads,
    double MedianNs,
    double LowerQuartileNs,
    double UpperQuartileNs,
    int Samples,
    double? Gflops,
    double Gbps,
    double OfLimit,
    string Limit,
    double? OverScalar,
    long AllocatedBytes,
    double Flops,
    double Bytes,
    double WorkingSet,
    string Home,
    string? EqualTo,
    bool Stable,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BuildRatio? OtherBuild = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? CompiledMethods = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? JitMs = null)
{
    /// <summary>Whether a process was timed from its start: its time says nothing about vector widths and the machine's limits.</summary>
    [JsonIgnore]
    public bool IsStartup => CompiledMethods is not null;

    /// <summary>Half the distance between the quartiles, as a fraction of the median.</summary>
    public double Spread => MedianNs > 0 ? (UpperQuartileNs - LowerQuartileNs) / 2 / MedianNs : 0;
}
