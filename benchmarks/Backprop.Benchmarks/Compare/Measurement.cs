using Backprop.Benchmarks.Measuring;

namespace Backprop.Benchmarks.Compare;

/// <summary>What was measured of one level at one shape.</summary>
/// <param name="Level">Who did the work.</param>
/// <param name="Time">Nanoseconds of a call.</param>
/// <param name="AllocatedBytes">Bytes allocated by a call.</param>
/// <param name="CompiledMethods">Methods that the runtime compiled; null where a call is timed that has been compiled before.</param>
/// <param name="JitMilliseconds">How long it compiled.</param>
internal sealed record Measurement(
    string Level, Statistics Time, long AllocatedBytes, long? CompiledMethods = null, double? JitMilliseconds = null);
