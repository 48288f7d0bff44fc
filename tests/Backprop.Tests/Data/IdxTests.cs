using System.Buffers.Binary;
using Backprop.Data;
using Xunit;

namespace Backprop.Tests.Data;

public sealed class IdxTests : IDisposable
{
    private static readonly byte[] s_pixels = [0, 1, 2, 3, 128, 254, 255, 5, 6, 7, 8, 9];
    private static readonly byte[] s_images = IdxFile(8, [2, 3, 2], s_pixels);
    private static readonly byte[] s_labels = IdxFile(8, [2], [4, 1]);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The name is no hint: each of plain and gzipped under each name.
    [Theory]
    [InlineData("i", false)]
    [InlineData("i.gz", false)]
    [InlineData("i", true)]
    [InlineData("i.gz", true)]
    public void Images_and_labels_are_read_gzipped_or_not(string name, bool isGzipped)
    {
        string images = _folder.Write(name, isGzipped ? TempFolder.Gzip(s_images) : s_images);
        string labels = _folder.Write("l" + name, isGzipped ? TempFolder.Gzip(s_labels) : s_labels);
        LabelledExamples examples = Idx.Load(images, labels);
        Assert.Equal((2, 6, 5), (examples.Count, examples.Features, examples.ClassCount));
        // The quotient in double rounds to the same float as the quotient in float: 53 ≥ 2 · 24 + 2 bits.
        Assert.Equal(s_pixels.Select(pixel => (float)(pixel / 255.0)), examples.Inputs.ToArray());
        Assert.Equal([4, 1], examples.Classes.ToArray());
    }

    [Fact]
    public void More_than_a_block_is_read_whole()
    {
        byte[] pixels = [.. Enumerable.Range(0, 3 * 1000 * 1000).Select(i => (byte)(i % 251))];
        string images = _folder.Write("i", TempFolder.Gzip(IdxFile(8, [3, 1000, 1000], pixels)));
        LabelledExamples examples = Idx.Load(images, _folder.Write("l", IdxFile(8, [3], [0, 1, 2])));
        Assert.True(examples.Inputs.SequenceEqual(Array.ConvertAll(pixels, pixel => pixel / 255f)));
        Assert.True(examples.Pixels.SequenceEqual(pixels));
    }

    [Fact]
    public void The_number_of_classes_can_be_given()
    {
        (string images, string labels) = (_folder.Write("i", s_images), _folder.Write("l", s_labels));
        Assert.Equal(10, Idx.Load(images, labels, 10).ClassCount);
        Assert.Equal(1000, Idx.Load(images, labels, 1000).ClassCount);
        TempFolder.AssertRefused(labels, () => Idx.Load(images, labels, 4), "label 4 at index 0", "expected a class of 0 … 3");
        Assert.Throws<ArgumentOutOfRangeException>(() => Idx.Load(images, labels, 0));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string missing = _folder.PathOf("none");
        FileNotFoundException refusal = Assert.Throws<FileNotFoundException>(() => Idx.Load(missing, _folder.Write("l", s_labels)));
        Assert.Equal(missing, refusal.FileName);
        Assert.StartsWith(missing, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_no_file() =>
        TempFolder.AssertRefused(_folder.Path, () => Idx.Load(_folder.Path, _folder.Path), "is a folder; expected a file");

    [Fact]
    public void An_empty_file_is_refused() => AssertImagesRefused([], "empty; expected an IDX file");

    [Theory]
    [InlineData(3, "starts with the bytes 000008; expected those of an IDX file, 00000803")]
    [InlineData(7, "cut short: a header of 7 bytes; expected 16")]
    [InlineData(16, "cut short: 0 bytes after the header; expected 12")]
    [InlineData(27, "cut short: 11 bytes after the header; expected 12")]
    public void A_file_cut_short_is_refused(int length, string problem)
    {
        AssertImagesRefused(s_images[..length], problem);
        AssertImagesRefused(TempFolder.Gzip(s_images[..length]), problem);
    }

    [Fact]
    public void A_file_too_long_is_refused()
    {
        AssertImagesRefused([.. s_images, 0], "too long", "12");
        AssertImagesRefused(TempFolder.Gzip([.. s_images, 0]), "too long", "12");
    }

    [Fact]
    public void Another_magic_number_is_refused() =>
        AssertImagesRefused([.. "PK\u0003\u0004"u8, .. s_images], "504B0304", "expected those of an IDX file, 00000803");

    [Fact]
    public void Another_element_type_is_refused() => AssertImagesRefused(IdxFile(0x0D, [2, 3, 2], new byte[48]), "0x0D", "expected 0x08");

    [Fact]
    public void Labels_are_no_images() => AssertImagesRefused(s_labels, "dimensions: 1; expected 3 (images × rows × columns)");

    [Fact]
    public void Images_are_no_labels()
    {
        string images = _folder.Write("i", s_images);
        TempFolder.AssertRefused(images, () => Idx.Load(images, images), "dimensions: 3; expected 1 (labels)");
    }

    [Fact]
    public void A_size_of_zero_is_refused()
    {
        AssertImagesRefused(IdxFile(8, [0, 3, 2], []), "size 0 of dimension 1");
        AssertImagesRefused(IdxFile(8, [2, 3, 0], []), "size 0 of dimension 3");
    }

    [Fact]
    public void Sizes_beyond_an_array_are_refused() =>
        AssertImagesRefused(IdxFile(8, [uint.MaxValue, uint.MaxValue, uint.MaxValue], []), "size 4294967295 of dimension 1");

    // 2³⁰ elements are promised: reading starts with a block of 1 MB (2²⁰), so 8 MB leave room for buffers only.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_false_size_allocates_nothing(bool isGzipped)
    {
        byte[] file = IdxFile(8, [1 << 10, 1 << 10, 1 << 10], [1, 2, 3]);
        (string images, string labels) = (_folder.Write("i", isGzipped ? TempFolder.Gzip(file) : file), _folder.Write("l", s_labels));
        long before = GC.GetAllocatedBytesForCurrentThread();
        TempFolder.AssertRefused(images, () => Idx.Load(images, labels), "cut short: 3 bytes after the header; expected 1073741824");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Fact]
    public void Unequal_counts_are_refused()
    {
        (string images, string labels) = (_folder.Write("i", s_images), _folder.Write("l", IdxFile(8, [3], [0, 1, 2])));
        TempFolder.AssertRefused(labels, () => Idx.Load(images, labels), "3 labels; expected 2, as many as images in " + images);
    }

    // At every length: .NET's own reader takes most of these files for complete.
    [Fact]
    public void A_gzip_file_cut_short_is_refused_at_every_length()
    {
        byte[] packed = TempFolder.Gzip(s_images);
        for (int length = 2; length < packed.Length; length++) AssertImagesRefused(packed[..length], "gzip data");
    }

    [Fact]
    public void A_damaged_gzip_file_is_refused()
    {
        byte[] packed = TempFolder.Gzip(s_images);
        packed[^6] ^= 1;
        AssertImagesRefused(packed, "damaged gzip data");
    }

    [Theory]
    [InlineData("-", "")]
    [InlineData(".", "")]
    [InlineData("-", ".gz")]
    [InlineData(".", ".gz")]
    public void A_folder_is_read_in_each_spelling(string dot, string ending)
    {
        WriteFolder(dot, ending, s_images, s_labels);
        IdxFolder folder = Idx.LoadFolder(_folder.Path);
        Assert.Equal((2, 6, 5), (folder.Train.Count, folder.Train.Features, folder.Train.ClassCount));
        Assert.Equal((1, 6, 5), (folder.Test.Count, folder.Test.Features, folder.Test.ClassCount));
        Assert.Equal([2], folder.Test.Classes.ToArray());
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        string missing = _folder.PathOf("none");
        string message = Assert.Throws<DirectoryNotFoundException>(() => Idx.LoadFolder(missing)).Message;
        Assert.StartsWith(missing + ": folder not found", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte")]
    [InlineData("train-labels-idx1-ubyte")]
    [InlineData("t10k-images-idx3-ubyte")]
    [InlineData("t10k-labels-idx1-ubyte")]
    public void A_file_missing_from_a_folder_is_named(string name)
    {
        WriteFolder("-", "", s_images, s_labels);
        File.Delete(_folder.PathOf(name));
        FileNotFoundException refusal = Assert.Throws<FileNotFoundException>(() => Idx.LoadFolder(_folder.Path));
        Assert.Equal(_folder.PathOf(name), refusal.FileName);
        Assert.Contains(name + ".gz", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Test_images_of_another_size_are_refused()
    {
        WriteFolder("-", "", IdxFile(8, [2, 2, 2], s_pixels[..8]), s_labels);
        TempFolder.AssertRefused(
            _folder.PathOf("t10k-images-idx3-ubyte"), () => Idx.LoadFolder(_folder.Path), "images of 6 pixels; expected 4 as in");
    }

    [Fact]
    public void A_test_label_over_the_last_class_of_training_is_refused()
    {
        WriteFolder("-", "", s_images, IdxFile(8, [2], [0, 1]));
        TempFolder.AssertRefused(
            _folder.PathOf("t10k-labels-idx1-ubyte"), () => Idx.LoadFolder(_folder.Path), "label 2 at index 0; expected a class of 0 … 1");
    }

    [Theory]
    [InlineData(60, 50)]
    [InlineData(61, 51)]
    [InlineData(5, 5)]
    public void The_last_sixth_validates(int count, int trainCount)
    {
        var all = new LabelledExamples([.. Enumerable.Range(0, count).Select(i => (float)i)], new int[count], 1, 1);
        (LabelledExamples train, LabelledExamples validation) = new IdxFolder(all, all).SplitTrain();
        Assert.Equal((trainCount, count - trainCount), (train.Count, validation.Count));
        Assert.Equal(all.Inputs, [.. train.Inputs, .. validation.Inputs]);
    }

    private static byte[] IdxFile(byte type, uint[] sizes, byte[] elements)
    {
        byte[] header = new byte[4 + 4 * sizes.Length];
        (header[2], header[3]) = (type, (byte)sizes.Length);
        for (int d = 0; d < sizes.Length; d++) BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4 + 4 * d), sizes[d]);
        return [.. header, .. elements];
    }

    private void WriteFolder(string dot, string ending, byte[] trainImages, byte[] trainLabels)
    {
        Write($"train-images{dot}idx3-ubyte", trainImages);
        Write($"train-labels{dot}idx1-ubyte", trainLabels);
        Write($"t10k-images{dot}idx3-ubyte", IdxFile(8, [1, 3, 2], [1, 2, 3, 4, 5, 6]));
        Write($"t10k-labels{dot}idx1-ubyte", IdxFile(8, [1], [2]));

        void Write(string name, byte[] content) => _folder.Write(name + ending, ending == "" ? content : TempFolder.Gzip(content));
    }

    private void AssertImagesRefused(byte[] content, params string[] fragments)
    {
        (string images, string labels) = (_folder.Write("images", content), _folder.Write("labels", s_labels));
        TempFolder.AssertRefused(images, () => Idx.Load(images, labels), fragments);
    }
}
