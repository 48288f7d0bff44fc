using System.IO.Compression;
using System.Reflection;
using Backprop.Data;
using Xunit;

namespace Backprop.Tests.Data;

public class DigitsTests
{
    [Fact]
    public void The_digits_are_those_of_the_embedded_bytes()
    {
        using var stream = new GZipStream(Resource("digits.gz"), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        byte[][] columns = [.. bytes.ToArray().Chunk(1797)];
        Assert.Equal(65, columns.Length);
        LabelledExamples digits = Digits.Load();
        Assert.Equal((1797, 64, 10), (digits.Count, digits.Features, digits.ClassCount));
        Assert.Equal(
            Enumerable.Range(0, 1797).SelectMany(row => columns.Take(64).Select(column => column[row] / 16f)), digits.Inputs.ToArray());
        Assert.Equal(columns[64].Select(value => (int)value), digits.Classes.ToArray());
    }

    [Fact]
    public void The_digits_are_those_of_the_data_set()
    {
        LabelledExamples digits = Digits.Load();
        // Counts and sum of this data set as other libraries document or show them.
        int[] counts = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180];
        Assert.Equal(counts, Enumerable.Range(0, 10).Select(digit => digits.Classes.ToArray().Count(c => c == digit)));
        Assert.Equal(561_718 / 16.0, digits.Inputs.ToArray().Sum(pixel => (double)pixel));
        Assert.Equal([0, 0, 5, 13, 9, 1, 0, 0], digits.Input(0)[..8].ToArray().Select(pixel => (int)(16 * pixel)));
    }

    [Fact]
    public void The_attribution_comes_with_them()
    {
        using var reader = new StreamReader(Resource("digits.txt"));
        string text = reader.ReadToEnd();
        Assert.Contains("Alpaydin", text, StringComparison.Ordinal);
        Assert.Contains("CC BY 4.0", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_assembly_stays_below_350_KB() => Assert.InRange(new FileInfo(typeof(Digits).Assembly.Location).Length, 1, 350_000);

    private static Stream Resource(string name)
    {
        Assembly assembly = typeof(Digits).Assembly;
        return assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"no resource {name}");
    }
}
