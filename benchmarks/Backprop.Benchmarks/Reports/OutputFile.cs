using Backprop.Benchmarks.Compare;

namespace Backprop.Benchmarks.Reports;

/// <summary>A file to be written at the end, in one piece or not at all.</summary>
/// <param name="Option">The option that named it, for messages.</param>
/// <param name="Path">Where it goes.</param>
/// <param name="Render">Its text.</param>
internal sealed record OutputFile(string Option, string Path, Func<Report, string> Render)
{
    private string TemporaryPath => $"{Path}.{Environment.ProcessId}.tmp";

    /// <summary>Makes sure before anything is measured that the file can be written. What is there stays as it is.</summary>
    public void RequireWritable()
    {
        if (string.IsNullOrWhiteSpace(Path))
            throw new InputException($"{Option}: the path is empty");
        if (Directory.Exists(Path))
            throw new InputException($"{Option} {Path}: is a folder, expected a file");
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) ?? Path;
        if (!Directory.Exists(folder))
            throw new InputException($"{Option} {Path}: the folder {folder} does not exist");
        try
        {
            File.WriteAllText(TemporaryPath, "");
            File.Delete(TemporaryPath);
            // the folder lets a file be replaced; a file that is read-only is not meant to be
            if (File.Exists(Path))
                File.Open(Path, FileMode.Open, FileAccess.Write).Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{Option} {Path}: cannot be written ({exception.Message})");
        }
    }

    /// <summary>Writes beside the target and renames, so that a reader never sees half a file.</summary>
    public void Write(Report report)
    {
        try
        {
            File.WriteAllText(TemporaryPath, Render(report));
            File.Move(TemporaryPath, Path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // the disk may have filled up since it was tried
            File.Delete(TemporaryPath);
            throw new InputException($"{Option} {Path}: cannot be written ({exception.Message})");
        }
    }
}
