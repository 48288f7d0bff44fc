namespace Backprop.Cli;

/// <summary>Files the command writes: checked before the work starts, and complete or absent afterwards.</summary>
internal static class OutputFile
{
    /// <summary>
    /// Throws unless a file can be written at <paramref name="path"/>: its folder must exist and take a new file, and no folder and no
    /// device may be in its place. What is there is left as it is.
    /// </summary>
    internal static void CheckWritable(string option, string path)
    {
        if (path.Length == 0 || Path.EndsInDirectorySeparator(path) || Directory.Exists(path))
            throw new InputException($"{option}: expected a file, got the folder '{path}'");

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (folder == "/dev")
            throw new InputException($"{option}: '{path}' is a device, expected a file");
        if (!Directory.Exists(folder))
            throw new InputException($"{option}: the folder of '{path}' does not exist");

        try
        {
            using FileStream probe = new(TemporaryBeside(path), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{option}: cannot write '{path}': {exception.Message}");
        }
    }

    /// <summary>Writes <paramref name="content"/> to a temporary file beside <paramref name="path"/>, flushes it and renames it.</summary>
    internal static void Write(string path, ReadOnlySpan<byte> content)
    {
        string temporary = TemporaryBeside(path);
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
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

    private static string TemporaryBeside(string path) =>
        Path.Join(Path.GetDirectoryName(Path.GetFullPath(path)), $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
}
