namespace Backprop.Formats;

/// <summary>Writes a file so that its path holds, at any moment, the old content or the new, whole.</summary>
internal static class AtomicFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>
    /// Writes to a new file in the same folder, flushes it to the disk and renames it over the path. Where anything fails, the new file
    /// is deleted and an old one stays as it was. A symbolic link stays: the file it leads to is replaced.
    /// </summary>
    /// <exception cref="IOException">Writing failed, or the path is a folder or a device. The message starts with the path.</exception>
    /// <exception cref="UnauthorizedAccessException">The path may not be written. The message starts with it.</exception>
    public static void Write(string path, Action<Stream> write) => WithTarget(path, target => Replace(target, write));

    /// <summary>Throws as <see cref="Write"/> would where it could not make its file; changes nothing. A look before long work.</summary>
    /// <exception cref="IOException">As <see cref="Write"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">As <see cref="Write"/>.</exception>
    public static void CheckWritable(string path) => WithTarget(path, target => CreateBeside(target, FileOptions.DeleteOnClose).Dispose());

    private static void WithTarget(string path, Action<string> action)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            string target = FollowLinks(path);
            CheckTarget(target);
            action(target);
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new UnauthorizedAccessException($"{path}: may not be written: {problem.Message}", problem);
        }
        catch (IOException problem)
        {
            throw new IOException($"{path}: cannot be written: {problem.Message}", problem);
        }
    }

    private static string FollowLinks(string path) =>
        new FileInfo(path).LinkTarget is null ? Path.GetFullPath(path) : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;

    /// <summary>Refuses what is there already and cannot be replaced, and a path into no folder.</summary>
    internal static void CheckTarget(string target)
    {
        if (Directory.Exists(target)) throw new IOException("is a folder; expected a file");
        string folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"there is no folder {folder}");
        using FileStream? old = OpenOld(target);
        if (old is not null && !IsRegular(old)) throw new IOException("is a pipe or a device; expected a regular file");
    }

    /// <summary>The file that is there, or null. A name that no file can have (too long, say) throws.</summary>
    private static FileStream? OpenOld(string target)
    {
        try
        {
            // Renaming asks for no permission on the old file: opening it does. Reading as well, or a pipe would wait for its reader.
            return new FileStream(target, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>A rename would put a file in the place of a device. Devices have length 0, and it cannot be set.</summary>
    private static bool IsRegular(FileStream old)
    {
        if (!old.CanSeek) return false;
        if (old.Length > 0) return true;
        try
        {
            old.SetLength(0);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Replace(string target, Action<Stream> write)
    {
        FileStream stream = CreateBeside(target, FileOptions.None);
        string temporary = stream.Name;
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static FileStream CreateBeside(string target, FileOptions options)
    {
        string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetRandomFileName()}.tmp");
        return new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize, options);
    }
}
