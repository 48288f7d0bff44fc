using Backprop.Formats;

namespace Backprop.Cli;

/// <summary>Where the command writes: looked at before the work starts.</summary>
internal static class OutputFile
{
    /// <summary>Throws unless a file can be written at <paramref name="path"/>; changes nothing.</summary>
    internal static void CheckWritable(string option, string path)
    {
        if (path.Length == 0)
            throw new InputException($"{option}: expected the name of a file, got ''");
        try
        {
            AtomicFile.CheckWritable(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{option}: {exception.Message}");
        }
    }

    /// <summary>The same for all files of a run, none of which may be another or one that the run reads.</summary>
    internal static void CheckWritable(IReadOnlyList<(string Option, string Path)> files, IEnumerable<(string Option, string Path)> inputs)
    {
        Dictionary<string, string> taken = [];
        foreach ((string option, string path) in files)
        {
            CheckWritable(option, path);
            if (!taken.TryAdd(Path.GetFullPath(path), option))
                throw new InputException($"{option}: '{path}' is where {taken[Path.GetFullPath(path)]} writes; expected another file");
        }

        foreach ((string option, string path) in inputs)
        {
            if (taken.TryGetValue(Path.GetFullPath(path), out string? writer))
                throw new InputException($"{writer}: '{path}' is what {option} reads; expected another file");
        }
    }

    /// <summary>The path itself if nothing is there, else with -2, -3, … before the extension: the first where nothing is.</summary>
    internal static string FirstFree(string path)
    {
        string candidate = path;
        for (int number = 2; Path.Exists(candidate); number++)
            candidate = InsertBeforeExtension(path, "-" + number);
        return candidate;
    }

    /// <summary>model.safetensors with ".interrupted" → model.interrupted.safetensors.</summary>
    internal static string InsertBeforeExtension(string path, string text) =>
        Path.Join(Path.GetDirectoryName(path), Path.GetFileNameWithoutExtension(path) + text + Path.GetExtension(path));
}
