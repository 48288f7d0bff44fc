using System.Security.Cryptography;
using Backprop.Data;
using Xunit;

namespace Backprop.Tests.Data;

public class MnistTests
{
    private const string Variable = "BACKPROP_MNIST";

    [Fact]
    public void The_real_files_are_read()
    {
        string? folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipUnless(Directory.Exists(folder), $"needs MNIST: set {Variable} to a folder with its four IDX files, gzipped or not");
        IdxFolder mnist = Idx.LoadFolder(folder);
        (LabelledExamples train, LabelledExamples validation) = mnist.SplitTrain();
        Assert.Equal((60_000, 784, 10), (mnist.Train.Count, mnist.Train.Features, mnist.Train.ClassCount));
        Assert.Equal((10_000, 784, 10), (mnist.Test.Count, mnist.Test.Features, mnist.Test.ClassCount));
        Assert.Equal((50_000, 10_000), (train.Count, validation.Count));
        Assert.Equal([5, 0, 4, 1, 9], mnist.Train.Classes[..5].ToArray());
        Assert.Equal([7, 2, 1, 0, 4], mnist.Test.Classes[..5].ToArray());

        // What was read, put back into the form of the files, has the digests of the published files.
        (byte[] trainCount, byte[] testCount, byte[] size) = ([0, 0, 0xEA, 0x60], [0, 0, 0x27, 0x10], [0, 0, 0, 28, 0, 0, 0, 28]);
        Assert.Equal(
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            Digest([0, 0, 8, 3, .. trainCount, .. size], Pixels(mnist.Train)));
        Assert.Equal(
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", Digest([0, 0, 8, 1, .. trainCount], Labels(mnist.Train)));
        Assert.Equal(
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            Digest([0, 0, 8, 3, .. testCount, .. size], Pixels(mnist.Test)));
        Assert.Equal(
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", Digest([0, 0, 8, 1, .. testCount], Labels(mnist.Test)));
    }

    private static string Digest(byte[] header, byte[] elements)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        hash.AppendData(elements);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static byte[] Pixels(LabelledExamples examples) =>
        Array.ConvertAll(examples.Inputs.ToArray(), pixel => (byte)Math.Round(pixel * 255.0));

    private static byte[] Labels(LabelledExamples examples) => Array.ConvertAll(examples.Classes.ToArray(), label => (byte)label);
}
