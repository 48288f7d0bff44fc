using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Backprop.Benchmarks.Compare;

namespace Backprop.Benchmarks.Contenders;

/// <summary>
/// The assembly that has the peers. This one does not refer to it: it is built and loaded when somebody asks for peers, so that nobody
/// else pays for their packages.
/// </summary>
internal static class PeerAssembly
{
    private const string Title = "Backprop.Peers";

    private static readonly Lock s_lock = new();

    private static IReadOnlyList<IPeer>? s_peers;

    /// <summary>Builds the assembly where its source is found, and loads its peers. What stands against it is an InputException.</summary>
    public static IReadOnlyList<IPeer> BuildAndLoad()
    {
        lock (s_lock)
        {
            if (s_peers is null && FindProject() is string project)
                Build(project);
        }
        return Load();
    }

    /// <summary>Loads the peers from where they have been built, once a process.</summary>
    public static IReadOnlyList<IPeer> Load()
    {
        lock (s_lock)
            return s_peers ??= Create(FindFile());
    }

    private static IReadOnlyList<IPeer> Create(string file)
    {
        Assembly assembly = new PeerContext(file).LoadFromAssemblyPath(file);
        Type catalogue = assembly.GetTypes().Single(type => type.IsAssignableTo(typeof(IPeerCatalogue)));
        return ((IPeerCatalogue)Activator.CreateInstance(catalogue)!).Peers;
    }

    private static string FindFile()
    {
        string file = $"{Title}.dll";
        string folder = FindProject() is string project
            ? Path.Combine(Path.GetDirectoryName(project)!, "bin", Configuration, $"net{Environment.Version.ToString(2)}")
            : AppContext.BaseDirectory;
        string path = Path.Combine(folder, file);
        return File.Exists(path)
            ? path
            : throw new InputException($"--peers: {file} is not in {folder}");
    }

    private static string? FindProject()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string project = Path.Combine(folder.FullName, "benchmarks", Title, $"{Title}.csproj");
            if (File.Exists(project))
                return project;
        }
        return null;
    }

    // this program is running: what it was built of stays as it is
    private static void Build(string project)
    {
        Console.Error.WriteLine($"building {Title}");
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList =
            {
                "build", project, "-c", Configuration, "-v", "quiet", "-nologo", "-nodeReuse:false", "-p:BuildProjectReferences=false",
                "-p:UseSharedCompilation=false",
            },
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start) ?? throw new InputException("--peers: dotnet cannot be started");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            string? error = output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal));
            throw new InputException($"--peers: {Title} cannot be built: {(error ?? output).Trim()}");
        }
    }

    private static string Configuration =>
        typeof(PeerAssembly).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Release";

    // what this program has itself is shared, so that types are the same; all else comes from the peers' folder
    private sealed class PeerContext(string file) : AssemblyLoadContext(Title)
    {
        private static readonly HashSet<string?> s_own =
        [
            .. ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES"))?.Split(Path.PathSeparator)
                .Select(Path.GetFileNameWithoutExtension) ?? [],
        ];

        private readonly AssemblyDependencyResolver _resolver = new(file);

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            bool shared = s_own.Contains(assemblyName.Name);
            return !shared && _resolver.ResolveAssemblyToPath(assemblyName) is string path ? LoadFromAssemblyPath(path) : null;
        }

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is string path ? LoadUnmanagedDllFromPath(path) : 0;
    }
}
