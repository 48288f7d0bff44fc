using Backprop.Benchmarks.Cases;

namespace Backprop.Benchmarks.Contenders;

/// <summary>
/// The library of this program as <see cref="OtherBuild"/> calls the other one: by function pointers, so that what a call costs is the same
/// on both sides.
/// </summary>
internal sealed class BuildContender : IContender
{
    public string Name => AutoContender.Level;

    public string? Unavailable => null;

    public bool Threaded => true;

    public BoundCall? Bind(KernelCase problem, int threads) => BuildCalls.Bind(LibraryBuild.Current, problem, threads);
}
