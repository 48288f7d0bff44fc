using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.Json;
using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;

namespace Backprop.Benchmarks.Startup;

/// <summary>
/// The process that is timed: this program once more, which goes straight to its work. Until the clock has stopped it touches nothing that
/// a program would not that does this work and no other.
/// </summary>
internal static class StartupChild
{
    /// <summary>The first argument of such a process. It is no command of the user's.</summary>
    public const string Argument = "startup-child";

    public const string Build = "--build", Peer = "--peer";

    private const int Failed = 1;

    /// <summary>STAGE LAYERS, and the build of the library or the peer that does it; the library of this program without them.</summary>
    public static int Run(string[] args)
    {
        StartupClock clock = StartupClock.Start();
        try
        {
            StartupSample sample = args switch
            {
                [_, string stage, string layers, Peer, string name] => RunPeer(name, stage, ReadLayers(layers)),
                [_, string stage, string layers, Build, string file] => RunBuild(clock, file, stage, ReadLayers(layers)),
                _ => RunLibrary(clock, args[1], ReadLayers(args[2])),
            };
            Console.WriteLine(JsonSerializer.Serialize(sample));
            return 0;
        }
        catch (Exception exception) when (exception is MissingMemberException or TypeLoadException or InvalidOperationException)
        {
            Console.Error.WriteLine(exception.Message);
            return Failed;
        }
    }

    private static StartupSample RunLibrary(StartupClock clock, string stage, int[] layers)
    {
        Func<string> outcome = StartupWork.Run(stage, layers);
        return clock.Stop() with { Digest = outcome() };
    }

    // the work is loaded a second time, beside the build that its calls shall go to
    private static StartupSample RunBuild(StartupClock clock, string file, string stage, int[] layers)
    {
        Assembly assembly = new BuildContext(file).LoadFromAssemblyPath(typeof(StartupWork).Assembly.Location);
        MethodInfo run = assembly.GetType(typeof(StartupWork).FullName!)!.GetMethod(nameof(StartupWork.Run))!;
        Func<string> outcome = run.CreateDelegate<Func<string, int[], Func<string>>>()(stage, layers);
        return clock.Stop() with { Digest = outcome() };
    }

    // the model, the examples and the peers' own assembly are there before the clock starts: a program would have them in files
    private static StartupSample RunPeer(string name, string stage, int[] layers)
    {
        IPeer peer = PeerAssembly.Load().First(peer => peer.Name == name);
        StartupCase problem = new(stage, layers);
        problem.Prepare();
        BoundCall call = peer.Bind(problem, threads: 1)!;
        StartupClock clock = StartupClock.Start();
        call.Run();
        StartupSample sample = clock.Stop();
        call.Publish?.Invoke();
        return problem.Check() is string difference ? throw new InvalidOperationException(difference) : sample;
    }

    private static int[] ReadLayers(string text)
    {
        string[] sizes = text.Split('-');
        int[] layers = new int[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
            layers[i] = int.Parse(sizes[i], CultureInfo.InvariantCulture);
        return layers;
    }

    private sealed class BuildContext(string file) : AssemblyLoadContext(Build)
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == Path.GetFileNameWithoutExtension(file) ? LoadFromAssemblyPath(file) : null;
    }
}
