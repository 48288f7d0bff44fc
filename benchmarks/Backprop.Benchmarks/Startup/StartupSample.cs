namespace Backprop.Benchmarks.Startup;

/// <summary>What one process found out about its own start.</summary>
/// <param name="Nanoseconds">From the beginning of main to the end of the stage.</param>
/// <param name="CompiledMethods">Methods that the runtime compiled meanwhile, on all threads.</param>
/// <param name="JitMilliseconds">How long it compiled, all threads together.</param>
/// <param name="AllocatedBytes">Bytes allocated meanwhile.</param>
/// <param name="Digest">Of what the library came to; empty for another program, which checks itself.</param>
internal sealed record StartupSample(
    double Nanoseconds, long CompiledMethods, double JitMilliseconds, long AllocatedBytes, string Digest);
