using System.Buffers.Binary;

namespace Backprop.Data;

/// <summary>Labelled images in the IDX format of the MNIST files, gzipped or not, whatever their names say.</summary>
/// <remarks>
/// A file starts with two zero bytes, the element type (0x08: unsigned bytes) and the number of dimensions; the sizes follow as
/// big-endian 32-bit integers, then the elements, the last dimension fastest. Images have the dimensions images × rows × columns, labels
/// have one. Source: http://yann.lecun.com/exdb/mnist/. The examples hold the bytes beside the floats, 5 bytes a pixel in all: training
/// gathers its batches from the bytes, which are a quarter of the memory to read.
/// </remarks>
public static class Idx
{
    private const byte UnsignedByte = 0x08;
    private const int FirstBlock = 1 << 20;

    /// <summary>
    /// Reads a file of images and the file of their labels; features are the pixels row by row divided by 255, the number of classes is
    /// 1 + the largest label.
    /// </summary>
    /// <param name="imagesPath">IDX file of unsigned bytes with three dimensions.</param>
    /// <param name="labelsPath">IDX file of unsigned bytes with one dimension: a label for each image.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// A file is empty, cut short, longer than its header says, of another magic number, type or number of dimensions, or the two
    /// differ in their counts. The message starts with the file.
    /// </exception>
    public static LabelledExamples Load(string imagesPath, string labelsPath)
    {
        byte[] labels = ReadLabels(labelsPath);
        return Load(imagesPath, labelsPath, labels, labels.Max() + 1);
    }

    /// <summary>Reads a file of images and the file of their labels, which belong to a known number of classes.</summary>
    /// <param name="imagesPath">IDX file of unsigned bytes with three dimensions.</param>
    /// <param name="labelsPath">IDX file of unsigned bytes with one dimension: a label for each image.</param>
    /// <param name="classCount">The number of classes; a label must be below it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of classes is below 1.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">As without the number of classes, or a label is over the last class.</exception>
    public static LabelledExamples Load(string imagesPath, string labelsPath, int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        return Load(imagesPath, labelsPath, ReadLabels(labelsPath), classCount);
    }

    /// <summary>
    /// Reads the four files of a folder laid out as MNIST: <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>,
    /// <c>t10k-images-idx3-ubyte</c> and <c>t10k-labels-idx1-ubyte</c>. Each may be spelled with a dot instead of the second dash
    /// (<c>train-images.idx3-ubyte</c>) and may end in <c>.gz</c>; where several are there, the first of plain, dotted, plain
    /// <c>.gz</c>, dotted <c>.gz</c> is read. The training labels give the number of classes.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">One of the four files is missing.</exception>
    /// <exception cref="InvalidDataException">
    /// A file is not as <see cref="Load(string, string, int)"/> expects it, or the test images have another size than the training images.
    /// </exception>
    public static IdxFolder LoadFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{folder}: folder not found; expected one with IDX files");
        string trainImages = Find(folder, "train-images", "idx3-ubyte");
        string trainLabels = Find(folder, "train-labels", "idx1-ubyte");
        string testImages = Find(folder, "t10k-images", "idx3-ubyte");
        string testLabels = Find(folder, "t10k-labels", "idx1-ubyte");
        LabelledExamples train = Load(trainImages, trainLabels);
        LabelledExamples test = Load(testImages, testLabels, train.ClassCount);
        if (test.Features != train.Features)
            throw InputFile.Error(testImages, $"images of {test.Features} pixels; expected {train.Features} as in {trainImages}");
        return new IdxFolder(train, test);
    }

    private static string Find(string folder, string name, string type)
    {
        string[] spellings = [$"{name}-{type}", $"{name}.{type}", $"{name}-{type}.gz", $"{name}.{type}.gz"];
        string wanted = Path.Combine(folder, spellings[0]);
        return spellings.Select(spelling => Path.Combine(folder, spelling)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"{wanted}: file not found; expected one of {string.Join(", ", spellings)}", wanted);
    }

    private static LabelledExamples Load(string imagesPath, string labelsPath, byte[] labels, int classCount)
    {
        byte[] pixels = ReadElements(imagesPath, "images × rows × columns", 3, out int images);
        if (images != labels.Length)
            throw InputFile.Error(labelsPath, $"{labels.Length} labels; expected {images}, as many as images in {imagesPath}");
        int wrong = labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)Math.Min(classCount - 1, byte.MaxValue));
        if (wrong >= 0)
            throw InputFile.Error(labelsPath, $"label {labels[wrong]} at index {wrong}; expected a class of 0 … {classCount - 1}");
        return LabelledExamples.FromPixels(pixels, Array.ConvertAll(labels, label => (int)label), pixels.Length / images, classCount);
    }

    private static byte[] ReadLabels(string path) => ReadElements(path, "labels", 1, out _);

    private static byte[] ReadElements(string path, string what, int dimensions, out int first)
    {
        using DataReader file = DataReader.Open(path);
        CheckMagic(file, what, dimensions);
        int count = ReadSizes(file, what, dimensions, out first);
        byte[] elements = ReadBlock(file, count);
        if (elements.Length < count) throw file.Error($"cut short: {elements.Length} bytes after the header; expected {count}");
        if (file.Read(stackalloc byte[1]) != 0) throw file.Error($"too long: bytes after the last of the {count} that the header says");
        return elements;
    }

    private static void CheckMagic(DataReader file, string what, int dimensions)
    {
        Span<byte> magic = stackalloc byte[4];
        int count = file.Read(magic);
        if (count == 0) throw file.Error("empty; expected an IDX file");
        if (count < magic.Length || magic[0] != 0 || magic[1] != 0)
        {
            string start = Convert.ToHexString(magic[..count]);
            throw file.Error($"starts with the bytes {start}; expected those of an IDX file, 0000{UnsignedByte:X2}{dimensions:X2}");
        }
        if (magic[2] != UnsignedByte) throw file.Error($"IDX element type 0x{magic[2]:X2}; expected 0x{UnsignedByte:X2} (unsigned bytes)");
        if (magic[3] != dimensions) throw file.Error($"IDX dimensions: {magic[3]}; expected {dimensions} ({what})");
    }

    /// <summary>Their product; no file with more elements than an array has would be accepted, so nothing overflows.</summary>
    private static int ReadSizes(DataReader file, string what, int dimensions, out int first)
    {
        Span<byte> sizes = stackalloc byte[4 * dimensions];
        int count = file.Read(sizes);
        if (count < sizes.Length) throw file.Error($"cut short: a header of {4 + count} bytes; expected {4 + sizes.Length}");
        ulong product = 1;
        for (int d = 0; d < dimensions; d++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(sizes[(4 * d)..]);
            product *= size;
            if (product is 0 || product > (ulong)Array.MaxLength)
                throw file.Error($"IDX size {size} of dimension {d + 1} of {what}; expected 1 … {Array.MaxLength} elements in all");
        }
        first = BinaryPrimitives.ReadInt32BigEndian(sizes);
        return (int)product;
    }

    /// <summary>Reads up to so many bytes; what is allocated grows with what was read, so a false header costs nothing.</summary>
    private static byte[] ReadBlock(DataReader file, int count)
    {
        byte[] block = [];
        int read = 0;
        while (read == block.Length && read < count)
        {
            Array.Resize(ref block, (int)Math.Min(count, Math.Max(FirstBlock, 2L * read)));
            read += file.Read(block.AsSpan(read));
        }
        Array.Resize(ref block, read);
        return block;
    }
}
