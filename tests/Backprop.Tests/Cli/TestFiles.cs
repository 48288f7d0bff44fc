using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Backprop.Tests.Data;

namespace Backprop.Tests.Cli;

/// <summary>Small files in the formats the command reads, right and wrong ones, written without the library.</summary>
internal static class TestFiles
{
    internal const string TrainImages = "train-images-idx3-ubyte";
    internal const string TrainLabels = "train-labels-idx1-ubyte";
    internal const string TestImages = "t10k-images-idx3-ubyte";
    internal const string TestLabels = "t10k-labels-idx1-ubyte";

    /// <summary>The names of the files in a folder, sorted.</summary>
    internal static string[] NamesIn(TempFolder folder) =>
        [.. new DirectoryInfo(folder.Path).EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];

    /// <summary>Images of <paramref name="side"/> × <paramref name="side"/>, all pixels of image i being 10·label(i).</summary>
    internal static byte[] Images(int count, int side = 3, int classes = 4)
    {
        byte[] file = new byte[16 + (count * side * side)];
        BinaryPrimitives.WriteUInt32BigEndian(file, 0x803);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4), count);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(8), side);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(12), side);
        for (int i = 0; i < count; i++)
            file.AsSpan(16 + (i * side * side), side * side).Fill((byte)(10 * (i % classes)));
        return file;
    }

    /// <summary>Labels 0, 1, …, classes − 1, 0, 1, ….</summary>
    internal static byte[] Labels(int count, int classes = 4)
    {
        byte[] file = new byte[8 + count];
        BinaryPrimitives.WriteUInt32BigEndian(file, 0x801);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4), count);
        for (int i = 0; i < count; i++)
            file[8 + i] = (byte)(i % classes);
        return file;
    }

    /// <summary>The four files of a folder: 60 training and 20 test images of 3 × 3 pixels, 4 classes.</summary>
    internal static void WriteIdxFolder(TempFolder folder)
    {
        folder.Write(TrainImages, Images(60));
        folder.Write(TrainLabels, Labels(60));
        folder.Write(TestImages, Images(20));
        folder.Write(TestLabels, Labels(20));
    }

    /// <summary>Rows of two features around (class, −class), classes 0, 1, 2 in turn.</summary>
    internal static string Csv(int rows)
    {
        StringBuilder text = new();
        for (int i = 0; i < rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"{(i % 3) + (0.01 * (i % 7))},{-(i % 3)},{i % 3}\n");
        return text.ToString();
    }

    /// <summary>A safetensors file with this header and as many bytes of data, all zero.</summary>
    internal static byte[] Safetensors(string header, int dataLength)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + text.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        return file;
    }

    /// <summary>The entry of an F32 tensor in such a header.</summary>
    internal static string Tensor(string name, string shape, int begin, int end) =>
        $"\"{name}\":{{\"dtype\":\"F32\",\"shape\":{shape},\"data_offsets\":[{begin},{end}]}}";

    /// <summary>A network without hidden layer, all parameters zero.</summary>
    internal static string WriteModel(TempFolder folder, int inputs, int outputs)
    {
        int weightBytes = 4 * inputs * outputs;
        int bytes = weightBytes + (4 * outputs);
        string weight = Tensor("layers.0.weight", $"[{outputs},{inputs}]", 0, weightBytes);
        string bias = Tensor("layers.0.bias", $"[{outputs}]", weightBytes, bytes);
        return folder.Write("m.safetensors", Safetensors($"{{{weight},{bias}}}", bytes));
    }
}
