using System.Diagnostics;
using Backprop.Formats;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Formats;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_file_is_written_and_nothing_else()
    {
        string path = _folder.PathOf("new");
        AtomicFile.Write(path, stream => stream.Write("content"u8));
        Assert.Equal("content", File.ReadAllText(path));
        AssertOnly("new");
    }

    [Fact]
    public void An_old_file_is_replaced_as_a_whole()
    {
        string path = _folder.Write("old", "a longer content than the new one");
        AtomicFile.Write(path, stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(path));
        AssertOnly("old");
    }

    [Fact]
    public void An_empty_old_file_is_replaced()
    {
        string path = _folder.Write("old", "");
        AtomicFile.Write(path, stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void A_path_relative_to_the_current_folder_is_fine()
    {
        string path = Path.GetRelativePath(Environment.CurrentDirectory, _folder.PathOf("new"));
        AtomicFile.Write(path, stream => stream.Write("new"u8));
        AssertOnly("new");
    }

    [Fact]
    public void A_failure_half_way_leaves_the_old_file_and_no_other()
    {
        string path = _folder.Write("old", "old");
        IOException refusal = Assert.Throws<IOException>(() => AtomicFile.Write(path, WriteAndFail));
        Assert.Equal($"{path}: cannot be written: disk full", refusal.Message);
        Assert.Equal("old", File.ReadAllText(path));
        AssertOnly("old");

        static void WriteAndFail(Stream stream)
        {
            stream.Write(new byte[1_000_000]);
            throw new IOException("disk full");
        }
    }

    /// <summary>What a killed process left goes with the next write to the same path; what belongs to another path stays.</summary>
    [Fact]
    public void A_left_over_is_deleted()
    {
        string[] others = [".new.tmp", ".new.ckpt.abcdefgh.ijk.tmp", ".newer.abcdefgh.ijk.tmp", ".old.abcdefgh.ijk.tmp", "new.abcdefgh.ijk.tmp"];
        foreach (string name in others)
            _folder.Write(name, "of another");
        _folder.Write(".new.abcdefgh.ijk.tmp", "half");
        AtomicFile.Write(_folder.PathOf("new"), stream => stream.Write("new"u8));
        AssertOnly([.. others.Append("new").Order(StringComparer.Ordinal)]);
        _folder.Write(".new.abcdefgh.ijk.tmp", "half");
        AtomicFile.CheckWritable(_folder.PathOf("new"));
        Assert.False(File.Exists(_folder.PathOf(".new.abcdefgh.ijk.tmp")));
    }

    [Fact]
    public void Two_that_write_the_same_path_leave_each_other_alone()
    {
        string path = _folder.PathOf("new");
        AtomicFile.Write(path, outer =>
        {
            outer.Write("outer"u8);
            AtomicFile.Write(path, inner => inner.Write("inner"u8));
            Assert.Equal("inner", File.ReadAllText(path));
        });
        Assert.Equal("outer", File.ReadAllText(path));
        AssertOnly("new");
    }

    [Fact]
    public void A_name_of_the_greatest_length_is_fine()
    {
        string name = new('ü', 120);
        AtomicFile.Write(_folder.PathOf(name), stream => stream.Write("new"u8));
        AssertOnly(name);
    }

    [Fact]
    public void Another_failure_passes_through_and_leaves_nothing()
    {
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(_folder.PathOf("new"), _ => throw new InvalidOperationException()));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_missing_folder_is_named() => AssertRefused(_folder.PathOf("none/model"), "there is no folder " + _folder.PathOf("none"));

    [Fact]
    public void A_file_is_no_folder() => AssertRefused(Path.Combine(_folder.Write("file", ""), "model"), "there is no folder");

    [Fact]
    public void A_folder_is_no_file() => AssertRefused(_folder.Path, "is a folder; expected a file");

    [Fact]
    public void A_name_too_long_is_refused() => AssertRefused(_folder.PathOf(new string('x', 1000)), "");

    [Fact]
    public void An_empty_path_is_refused() => Assert.Throws<ArgumentException>(() => AtomicFile.Write("", _ => { }));

    // The check alone: were it wrong, writing would put a file in the device's place.
    [Fact]
    public void A_device_is_no_file()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "needs the device /dev/null");
        IOException refusal = Assert.Throws<IOException>(() => AtomicFile.CheckTarget("/dev/null"));
        Assert.Equal("is a pipe or a device; expected a regular file", refusal.Message);
    }

    [Fact]
    public void A_pipe_is_no_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs mkfifo");
        string path = _folder.PathOf("pipe");
        using (Process mkfifo = Process.Start("mkfifo", path))
            mkfifo.WaitForExit();
        AssertRefused(path, "is a pipe or a device; expected a regular file");
        AssertOnly("pipe");
    }

    [Fact]
    public void A_read_only_file_is_not_replaced()
    {
        Assert.SkipUnless(!Environment.IsPrivilegedProcess, "needs a user whom permissions stop: not root or administrator");
        string path = _folder.Write("old", "old");
        File.SetAttributes(path, FileAttributes.ReadOnly);
        string message = Assert.Throws<UnauthorizedAccessException>(() => AtomicFile.Write(path, _ => { })).Message;
        File.SetAttributes(path, FileAttributes.Normal);
        Assert.StartsWith($"{path}: may not be written: ", message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(path));
        AssertOnly("old");
    }

    [Fact]
    public void A_symbolic_link_stays_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs symbolic links that any user may create");
        string link = _folder.PathOf("link");
        File.CreateSymbolicLink(link, _folder.Write("target", "old"));
        AtomicFile.Write(link, stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(_folder.PathOf("target")));
        Assert.Equal(_folder.PathOf("target"), new FileInfo(link).LinkTarget);
        AssertOnly("link", "target");
    }

    [Fact]
    public void A_symbolic_link_into_nothing_gets_its_target()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs symbolic links that any user may create");
        File.CreateSymbolicLink(_folder.PathOf("link"), "target");
        AtomicFile.Write(_folder.PathOf("link"), stream => stream.Write("new"u8));
        Assert.Equal("new", File.ReadAllText(_folder.PathOf("target")));
        AssertOnly("link", "target");
    }

    private void AssertOnly(params string[] names) =>
        Assert.Equal(names, Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    private static void AssertRefused(string path, string problem)
    {
        IOException refusal = Assert.Throws<IOException>(() => AtomicFile.Write(path, _ => { }));
        Assert.StartsWith($"{path}: cannot be written: {problem}", refusal.Message, StringComparison.Ordinal);
    }
}
