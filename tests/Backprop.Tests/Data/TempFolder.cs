using System.IO.Compression;
using Xunit;

namespace Backprop.Tests.Data;

/// <summary>A folder of one test, deleted with all it holds.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("backprop-test-").FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(PathOf(name), content);
        return PathOf(name);
    }

    public string Write(string name, string content)
    {
        File.WriteAllText(PathOf(name), content);
        return PathOf(name);
    }

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>Asserts that reading throws, with a message that starts with the path and names the value and the expectation.</summary>
    public static void AssertRefused(string path, Action read, params string[] fragments)
    {
        string message = Assert.Throws<InvalidDataException>(read).Message;
        Assert.StartsWith(path + ": ", message, StringComparison.Ordinal);
        foreach (string fragment in fragments) Assert.Contains(fragment, message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
