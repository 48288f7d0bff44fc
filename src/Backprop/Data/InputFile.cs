using System.Text;

namespace Backprop.Data;

/// <summary>Opening files that come from outside, and the wording of what is wrong with them.</summary>
internal static class InputFile
{
    private const int BufferSize = 1 << 16;
    private const int ShownCharacters = 40;

    /// <summary>Opens an existing regular file for reading; the stream can seek and has a length.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The path is a folder, a pipe or a device.</exception>
    public static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path)) throw Error(path, "is a folder; expected a file");
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: file not found", path);
        var stream = new FileStream(path, FileMode.Open, AccessFor(path), FileShare.Read, BufferSize, FileOptions.SequentialScan);
        if (stream.CanSeek) return stream;
        stream.Dispose();
        throw Error(path, "is a pipe or a device; expected a regular file");
    }

    /// <summary>
    /// To open a pipe for reading alone would wait until someone writes to it. A pipe has no length, as an empty file has none: these
    /// few are opened for writing as well, and nothing is written.
    /// </summary>
    private static FileAccess AccessFor(string path)
    {
        FileSystemInfo target = File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path);
        return target is FileInfo { Exists: true, Length: > 0 } ? FileAccess.Read : FileAccess.ReadWrite;
    }

    /// <summary>The exception for a file whose content is not what it should be.</summary>
    public static InvalidDataException Error(string path, string problem) => new($"{path}: {problem}");

    /// <summary>Text from a file as messages show it: in quotation marks, shortened, without control characters.</summary>
    public static string Quote(string text)
    {
        bool isLong = text.Length > ShownCharacters;
        string shown = isLong ? text[..ShownCharacters] : text;
        return $"\"{string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c))}{(isLong ? "…" : "")}\"";
    }

    /// <summary>Text in UTF-8 likewise.</summary>
    public static string Quote(ReadOnlySpan<byte> text) =>
        // A character has at most 4 bytes: of a long text so many are enough for one character more than is shown.
        Quote(Encoding.UTF8.GetString(text[..Math.Min(text.Length, 4 * (ShownCharacters + 1))]));
}
