using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Reports;

namespace Backprop.Benchmarks.Contenders;

/// <summary>Another build of the library, loaded from the file that <c>--with</c> names.</summary>
internal sealed class OtherBuild(LibraryBuild build, string path) : IPeer
{
    /// <summary>The level of its rows.</summary>
    public const string Level = "with";

    public string Name => Level;

    public string File { get; } = Path.GetFullPath(path);

    public string? Unavailable => null;

    public bool Threaded => true;

    public PeerReport Describe(int threads) => new(Level, build.Version, threads, $"the library's build {path}");

    public BoundCall? Bind(KernelCase problem, int threads) => TryBind(problem, threads).Call;

    /// <summary>What stands against the kernel of <paramref name="problem"/>, or null when the build has it.</summary>
    public string? Lacks(KernelCase problem) => TryBind(problem, threads: 1).Missing;

    private (BoundCall? Call, string? Missing) TryBind(KernelCase problem, int threads)
    {
        try
        {
            return (BuildCalls.Bind(build, problem, threads), null);
        }
        catch (MissingMemberException exception)
        {
            return (null, exception.Message);
        }
    }
}
