using System.Diagnostics;
using System.Text.Json;
using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Simd;

namespace Backprop.Benchmarks.Startup;

/// <summary>A contender as a program that is started anew for every sample.</summary>
internal sealed class StartupProgram
{
    private readonly ProcessStartInfo _start;

    private StartupProgram(string level, StartupCase problem, params IEnumerable<string> who)
    {
        Level = level;
        _start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["exec", typeof(StartupChild).Assembly.Location, StartupChild.Argument, problem.Stage, problem.Shape, .. who])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    public string Level { get; }

    /// <summary>Null when the contender has no such work.</summary>
    /// <param name="contender">Who does the work.</param>
    /// <param name="problem">The work.</param>
    /// <param name="ownBuild">
    /// The file of this program's library where it has to be loaded in the way another build is, or null.
    /// </param>
    public static StartupProgram? Of(IContender contender, StartupCase problem, string? ownBuild)
    {
        string[] own = ownBuild is null ? [] : [StartupChild.Build, ownBuild];
        return contender switch
        {
            OtherBuild build => new(build.Name, problem, StartupChild.Build, build.File),
            IPeer peer => peer.Bind(problem, threads: 1) is null ? null : new(peer.Name, problem, StartupChild.Peer, peer.Name),
            LevelContender library => new StartupProgram(library.Name, problem, own).Capped(library.Name),
            AutoContender or BuildContender => new(contender.Name, problem, own),
            _ => null,
        };
    }

    /// <summary>Starts it and waits for its end. A process that fails is an <see cref="InvalidOperationException"/>.</summary>
    public StartupSample Run()
    {
        using Process process = Process.Start(_start) ?? throw new InvalidOperationException($"{_start.FileName} cannot be started");
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<StartupSample>(output)!
            : throw new InvalidOperationException(error.Result.Split('\n')[0].TrimEnd());
    }

    private StartupProgram Capped(string level)
    {
        _start.Environment[SimdSupport.EnvironmentVariable] = level;
        return this;
    }
}
