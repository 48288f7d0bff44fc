namespace Backprop.Formats;

/// <summary>Writes a file so that its path holds, at any moment, the old content or the new, whole.</summary>
internal static class AtomicFile
{
    private const int BufferSize = 1 << 16;
    private const string Extension = ".tmp";

    /// <summary>Of <see cref="Path.GetRandomFileName"/>.</summary>
    private const int RandomLength = 12;

    /// <summary>At most 3 bytes a character: the whole name stays within the 255 bytes that file systems allow.</summary>
    private const int LongestPrefix = 60;

    /// <summary>
    /// Writes to a new file in the same folder, flushes it to the disk and renames it over the path. Where anything fails, the new file
    /// is deleted and an old one stays as it was. A symbolic link stays: the file it leads to is replaced. A process that is killed leaves its
    /// new file, <c>.NAME.xxxxxxxx.xxx.tmp</c>; the next write to the same path deletes it.
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
        string folder = Path.GetDirectoryName(target)!;
        string name = Path.GetFileName(target);
        string prefix = $".{name[..Math.Min(name.Length, LongestPrefix)]}.";
        DeleteLeftOvers(folder, prefix);
        string temporary = Path.Combine(folder, prefix + Path.GetRandomFileName() + Extension);
        return new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize, options);
    }

    /// <summary>Deletes what killed processes left of this target. What cannot be listed or deleted stays: it is in nobody's way.</summary>
    private static void DeleteLeftOvers(string folder, string prefix)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, ".*" + Extension))
            {
                string name = Path.GetFileName(path);
                if (name.Length == prefix.Length + RandomLength + Extension.Length && name.StartsWith(prefix, StringComparison.Ordinal))
                    DeleteUnlessInUse(path);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The folder may be one that can be written and not be read.
        }
    }

    /// <summary>A file that is being written is locked, and opening it alone fails.</summary>
    private static void DeleteUnlessInUse(string path)
    {
        try
        {
            new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Another process's, which needs it.
        }
    }
}
