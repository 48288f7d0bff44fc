using System.Globalization;
using System.Text;
using Backprop.Data;
using Xunit;

namespace Backprop.Tests.Data;

public sealed class CsvTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0.5,-2,1\n1e-3,+3,0\n")]
    [InlineData("0.5,-2,1\r\n1e-3,+3,0")]
    [InlineData("0.5,-2,1\n1e-3,+3,0\n\n \t\n\r\n")]
    [InlineData("height,width,class\n0.5,-2,1\n1e-3,+3,0\n")]
    [InlineData("\uFEFF0.5,-2,1\n1e-3,+3,0\n")]
    [InlineData("\uFEFFheight,width,class\r\n .5 , -2 , 1 \r\n1e-3,+3, 0\r\n")]
    [InlineData("\"a\",b,\n0.50,-2.0,1.0\n0.001,3,0e0\n")]
    public void Numbers_and_classes_are_read(string text)
    {
        foreach (byte[] content in new[] { Encoding.UTF8.GetBytes(text), TempFolder.Gzip(Encoding.UTF8.GetBytes(text)) })
        {
            LabelledExamples examples = Csv.Load(_folder.Write("data.csv", content));
            Assert.Equal((2, 2, 2), (examples.Count, examples.Features, examples.ClassCount));
            Assert.Equal([0.5f, -2f, 0.001f, 3f], examples.Inputs.ToArray());
            Assert.Equal([1, 0], examples.Classes.ToArray());
        }
    }

    [Fact]
    public void Numbers_are_read_the_same_in_a_culture_with_a_decimal_comma()
    {
        CultureInfo saved = CultureInfo.CurrentCulture;
        try
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (",", ".");
            CultureInfo.CurrentCulture = culture;
            Assert.Equal([1.25f], Csv.Load(_folder.Write("data.csv", "1.25,0\n")).Inputs.ToArray());
        }
        finally
        {
            CultureInfo.CurrentCulture = saved;
        }
    }

    [Fact]
    public void Floats_come_back_from_their_shortest_text()
    {
        // 20,000 lines are longer than every buffer on the way.
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 60_000).Select(_ => random.NextSingle() * 1e6f - 5e5f)];
        IEnumerable<string> lines = values.Chunk(3).Select(
            (row, i) => FormattableString.Invariant($"{row[0]:R},{row[1]:R},{row[2]:R},{i % 7}"));
        LabelledExamples examples = Csv.Load(_folder.Write("data.csv", string.Join('\n', lines)));
        Assert.Equal(values, examples.Inputs.ToArray());
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => i % 7), examples.Classes.ToArray());
    }

    [Fact]
    public void A_line_may_be_longer_than_the_first_buffer()
    {
        string line = string.Join(',', Enumerable.Range(0, 50_000).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        LabelledExamples examples = Csv.Load(_folder.Write("data.csv", $"{line},0\n{line},1\n"));
        Assert.Equal((2, 50_000, 2), (examples.Count, examples.Features, examples.ClassCount));
        Assert.Equal(49_999f, examples.Input(1)[^1]);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string missing = _folder.PathOf("none.csv");
        FileNotFoundException refusal = Assert.Throws<FileNotFoundException>(() => Csv.Load(missing));
        Assert.Equal(missing, refusal.FileName);
        Assert.StartsWith(missing, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "holds no example; expected lines of numbers")]
    [InlineData("\n\n", "holds no example; expected lines of numbers")]
    [InlineData("a,b,class\n", "holds no example; expected lines of numbers")]
    [InlineData("1,2,0\n1,0\n", "line 2: 2 columns; expected 3 as in the first line")]
    [InlineData("a,b,class\n1,0\n", "line 2: 2 columns; expected 3 as in the first line")]
    [InlineData("1,2,0\n1,5,2,0\n", "line 2: 4 columns; expected 3 as in the first line (a comma separates columns, never decimals)")]
    [InlineData("1,2,0\n\"1,5\",0\n", "line 2, column 1: \"\"1\" is not a number")]
    [InlineData("1,2,0\n1;5,2,0\n", "line 2, column 1: \"1;5\" is not a number; expected one such as -0.5 or 1e-3")]
    [InlineData("1;2;0\n", "line 1: \"1;2;0\" is one column; expected 2 or more")]
    [InlineData("7\n", "line 1: \"7\" is one column; expected 2 or more")]
    [InlineData("1,2,0\n1,two,0\n", "line 2, column 2: \"two\" is not a number")]
    [InlineData("1,two,0\n", "line 1, column 2: \"two\" is not a number")]
    [InlineData("O.5,2,0\n1,2,1\n", "line 1, column 1: \"O.5\" is not a number")]
    [InlineData("a,2,class\n1,2,1\n", "line 1, column 1: \"a\" is not a number")]
    [InlineData("0,1,kind\n1,2,1\n", "line 1, column 3: class \"kind\"; expected a whole number of 0 … 999, the last column")]
    [InlineData("a,b,class\nc,d,class\n", "line 2, column 1: \"c\" is not a number")]
    [InlineData("1,2,0\n1,,0\n", "line 2, column 2: \"\" is not a number")]
    [InlineData("1,2,0\n1,NaN,0\n", "line 2, column 2: \"NaN\" is not finite; expected")]
    [InlineData("1,2,0\n1,1e39,0\n", "line 2, column 2: \"1e39\" is not finite; expected")]
    [InlineData("1,2,0\n1,2,1.5\n", "line 2, column 3: class \"1.5\"; expected a whole number of 0 … 999")]
    [InlineData("1,2,0\n1,2,-1\n", "line 2, column 3: class \"-1\"; expected a whole number of 0 … 999")]
    [InlineData("1,2,0\n1,2,1000\n", "line 2, column 3: class \"1000\"; expected a whole number of 0 … 999")]
    [InlineData("1,2,0\n1,2,cat\n", "line 2, column 3: class \"cat\"; expected a whole number of 0 … 999")]
    [InlineData("1,2,0\n1,2,\n", "line 2, column 3: class \"\"; expected a whole number of 0 … 999")]
    [InlineData("1,2,0\n\n\n1,2,0\n", "line 2: blank, with line 4 after it; expected numbers")]
    [InlineData("1,2,0\n1\u0001\u0002,2,0\n", "line 2, column 1: \"1??\" is not a number")]
    public void Bad_text_is_refused_with_line_value_and_expectation(string text, string problem)
    {
        string path = _folder.Write("data.csv", text);
        TempFolder.AssertRefused(path, () => Csv.Load(path), $"data.csv: {problem}");
    }

    [Fact]
    public void The_largest_class_is_999()
    {
        LabelledExamples examples = Csv.Load(_folder.Write("data.csv", "1,0\n2,999\n"));
        Assert.Equal((1000, 999), (examples.ClassCount, examples.Classes[1]));
    }

    [Fact]
    public void A_long_value_is_shown_in_part()
    {
        string path = _folder.Write("data.csv", $"1,0\n{new string('é', 1000)},0\n");
        TempFolder.AssertRefused(path, () => Csv.Load(path), $"line 2, column 1: \"{new string('é', 40)}…\" is not a number");
    }

    [Fact]
    public void A_file_without_line_ends_is_refused_before_it_fills_the_memory()
    {
        string path = _folder.Write("data.csv", TempFolder.Gzip(new byte[40_000_000]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        TempFolder.AssertRefused(path, () => Csv.Load(path), "line 1: 16777216 bytes without a line end; expected fewer than 16777216");
        // Doubling from 64 KB to 16 MB allocates less than 32 MB in all; 1 MB for the rest.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 33 << 20);
    }

    [Fact]
    public void A_gzip_file_cut_short_at_the_end_of_a_line_loses_no_examples_in_silence()
    {
        byte[] packed = TempFolder.Gzip(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("1,2,0\n", 100))));
        string path = _folder.Write("data.csv.gz", packed[..^8]);
        TempFolder.AssertRefused(path, () => Csv.Load(path), "gzip data");
    }
}
