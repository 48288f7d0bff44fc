using Backprop.Formats;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Formats;

public sealed class SafetensorsReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tensors_come_in_the_order_of_their_bytes()
    {
        string header = string.Join(
            ",", "{\"__metadata__\":{\"format\":\"pt\",\"note\":\"\"}", SafetensorsBytes.Tensor("b", "[2]", 4, 12),
            SafetensorsBytes.Tensor("a", "[]", 0, 4), SafetensorsBytes.Tensor("none", "[3,0]", 12, 12)) + "}   ";
        string path = _folder.Write("model", SafetensorsBytes.File(header, SafetensorsBytes.Floats(1, 2, 3)));
        using SafetensorsReader reader = SafetensorsReader.Open(path);
        Assert.Equal(["a", "b", "none"], reader.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(["[]", "[2]", "[3, 0]"], reader.Tensors.Select(tensor => tensor.ShapeText));
        float[] values = new float[2];
        reader.Seek(reader.Tensors[1]);
        reader.Read(values);
        Assert.Equal([2f, 3f], values);
    }

    [Fact]
    public void More_than_a_block_is_read_and_written_whole()
    {
        const int Count = (1 << 20) + 3;
        float[] values = [.. Enumerable.Range(0, Count).Select(i => (float)i)];
        string path = _folder.PathOf("model");
        using (FileStream stream = File.Create(path)) new SafetensorsWriter(stream, [("x", [Count])]).Write([.. values]);
        using SafetensorsReader reader = SafetensorsReader.Open(path);
        float[] read = new float[Count];
        reader.Seek(reader.Tensors[0]);
        reader.Read(read);
        Assert.True(read.AsSpan().SequenceEqual(values));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string missing = _folder.PathOf("none");
        FileNotFoundException refusal = Assert.Throws<FileNotFoundException>(() => SafetensorsReader.Open(missing));
        Assert.Equal(missing, refusal.FileName);
        Assert.StartsWith(missing, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_no_file() =>
        TempFolder.AssertRefused(_folder.Path, () => SafetensorsReader.Open(_folder.Path), "is a folder; expected a file");

    [Fact]
    public void A_file_is_refused_cut_at_every_length_and_with_a_byte_more()
    {
        byte[] whole = SafetensorsBytes.File(("a", [2, 2]), ("b", [1]));
        for (int length = 0; length < whole.Length; length++) AssertRefused(whole[..length], "expected");
        AssertRefused([.. whole, 0], "21 bytes follow the header; expected 20, as many as the tensors have");
        AssertRefused(whole[..7], "7 bytes; expected a safetensors file of 8 or more");
        AssertRefused(whole[..20], "expected 12 or less, the file's rest (is it cut short?)");
        AssertRefused(whole[..^1], "tensor \"b\": data_offsets [16, 20]; expected an end within the 19 bytes that follow the header");
    }

    [Fact]
    public void A_false_header_length_allocates_nothing()
    {
        byte[] whole = SafetensorsBytes.File(("a", [1]));
        AssertRefusedCheaply(
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. whole[8..]],
            "header of 18446744073709551615 bytes; expected 100000000 or less");
        AssertRefusedCheaply([0x01, 0xE1, 0xF5, 0x05, 0, 0, 0, 0, .. whole[8..]], "header of 100000001 bytes; expected 100000000 or less");
        AssertRefusedCheaply([0x00, 0xE1, 0xF5, 0x05, 0, 0, 0, 0, .. whole[8..]], "header of 100000000 bytes; expected ");
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("{")]
    [InlineData("{}}")]
    [InlineData("{} x")]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1,],\"data_offsets\":[0,4]}}")]
    [InlineData("{/**/}")]
    [InlineData("{'a':1}")]
    public void A_header_that_is_no_JSON_is_refused(string header) => AssertHeaderRefused(header, "header is not valid JSON at byte");

    [Theory]
    [InlineData("[]", "header: JSON token StartArray; expected an object of tensors")]
    [InlineData("1", "header: JSON token Number; expected an object of tensors")]
    [InlineData("{\"a\":1}", "tensor \"a\": JSON token Number; expected an object")]
    [InlineData("{\"a\":{}}", "tensor \"a\": a property is missing; expected dtype, shape and data_offsets")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", "tensor \"a\": a property is missing; expected dtype, shape and data_offsets")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", "tensor \"a\": property \"dtype\" is unknown or there twice; expected")]
    [InlineData("{\"a\":{\"color\":\"red\"}}", "tensor \"a\": property \"color\" is unknown or there twice; expected dtype, shape and")]
    [InlineData("{\"a\":{\"dtype\":32}}", "tensor \"a\": dtype: JSON token Number; expected a string")]
    [InlineData("{\"a\":{\"shape\":1}}", "tensor \"a\": shape: JSON token Number; expected an array of whole numbers")]
    [InlineData("{\"a\":{\"shape\":[\"1\"]}}", "tensor \"a\": shape: JSON token String; expected an array of whole numbers")]
    [InlineData("{\"a\":{\"shape\":[-1]}}", "tensor \"a\": shape: element 0 is not a whole number of 0")]
    [InlineData("{\"a\":{\"shape\":[1,1.5]}}", "tensor \"a\": shape: element 1 is not a whole number of 0")]
    [InlineData("{\"a\":{\"shape\":[9223372036854775808]}}", "tensor \"a\": shape: element 0 is not a whole number of 0")]
    [InlineData("{\"__metadata__\":1}", "__metadata__: JSON token Number; expected an object of strings")]
    [InlineData("{\"__metadata__\":{\"epoch\":1}}", "__metadata__: JSON token Number; expected values that are strings")]
    [InlineData("{\"\\ud800\":{}}", "header has a string that is not Unicode; expected names of tensors")]
    public void A_header_of_another_form_is_refused(string header, string problem) => AssertHeaderRefused(header, problem);

    [Fact]
    public void A_header_that_is_not_UTF_8_is_refused() =>
        AssertRefused(
            SafetensorsBytes.File([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)'}'], []), "header is not valid UTF-8; expected JSON text");

    [Theory]
    [InlineData("F64")]
    [InlineData("F16")]
    [InlineData("f32")]
    public void Another_type_is_refused(string type) =>
        AssertTensorsRefused(
            SafetensorsBytes.Tensor("a", "[1]", 0, 4).Replace("F32", type, StringComparison.Ordinal),
            $"tensor \"a\": dtype \"{type}\"; expected F32");

    [Theory]
    [InlineData("[2]", 0, 4, "tensor \"a\": 4 bytes; expected 8 for shape [2] of F32")]
    [InlineData("[1,1]", 0, 3, "tensor \"a\": 3 bytes; expected 4 for shape [1, 1] of F32")]
    [InlineData("[0]", 0, 4, "tensor \"a\": 4 bytes; expected 0 for shape [0] of F32")]
    [InlineData("[1]", 4, 0, "tensor \"a\": data_offsets [4, 0]; expected [begin, end] with begin ≤ end")]
    [InlineData("[1]", -4, 0, "tensor \"a\": data_offsets: element 0 is not a whole number of 0")]
    [InlineData("[1]", 1, 5, "tensor \"a\": data_offsets [1, 5]; expected an end within the 4 bytes")]
    [InlineData("[4294967296,4294967296]", 0, 0, "tensor \"a\": shape [4294967296, 4294967296]; expected fewer than 2⁶³ bytes")]
    [InlineData("[9223372036854775807,9223372036854775807,9223372036854775807]", 0, 4, "expected fewer than 2⁶³ bytes")]
    public void Bytes_that_do_not_match_are_refused(string shape, long begin, long end, string problem) =>
        AssertTensorsRefused(SafetensorsBytes.Tensor("a", shape, begin, end), problem);

    [Fact]
    public void Three_offsets_are_refused() =>
        AssertTensorsRefused(
            SafetensorsBytes.Tensor("a", "[1]", 0, 4).Replace("[0,4]", "[0,4,4]", StringComparison.Ordinal),
            "tensor \"a\": data_offsets [0, 4, 4]; expected [begin, end] with begin ≤ end");

    [Fact]
    public void Overlaps_holes_and_duplicates_are_refused()
    {
        string first = SafetensorsBytes.Tensor("a", "[1]", 0, 4);
        AssertTensorsRefused(
            first + "," + SafetensorsBytes.Tensor("b", "[2]", 0, 8),
            "tensor \"b\": data_offsets [0, 8] overlap the tensor before; expected a begin of 4", 8);
        AssertTensorsRefused(
            first + "," + SafetensorsBytes.Tensor("b", "[1]", 2, 6),
            "tensor \"b\": data_offsets [2, 6] overlap the tensor before; expected a begin of 4", 6);
        AssertTensorsRefused(
            first + "," + SafetensorsBytes.Tensor("b", "[1]", 8, 12),
            "tensor \"b\": data_offsets [8, 12] leave a hole before; expected a begin of 4", 12);
        AssertTensorsRefused(
            SafetensorsBytes.Tensor("b", "[1]", 4, 8), "tensor \"b\": data_offsets [4, 8] leave a hole before; expected a begin of 0", 8);
        AssertTensorsRefused(
            first + "," + SafetensorsBytes.Tensor("a", "[1]", 4, 8), "tensor \"a\" is there twice; expected each name once", 8);
        AssertTensorsRefused(
            first + ",\"__metadata__\":{},\"__metadata__\":{}", "tensor \"__metadata__\" is there twice; expected each name once");
    }

    [Fact]
    public void A_long_name_is_shown_in_part_and_without_control_characters() =>
        AssertHeaderRefused($"{{\"\\u0007{new string('n', 1000)}\":1}}", $"tensor \"?{new string('n', 39)}…\": JSON token Number");

    private void AssertTensorsRefused(string tensors, string problem, int dataLength = 4) =>
        AssertHeaderRefused($"{{{tensors}}}", problem, dataLength);

    private void AssertHeaderRefused(string header, string problem, int dataLength = 4) =>
        AssertRefused(SafetensorsBytes.File(header, new byte[dataLength]), problem);

    private void AssertRefused(byte[] content, string problem)
    {
        string path = _folder.Write("model", content);
        TempFolder.AssertRefused(path, () => SafetensorsReader.Open(path).Dispose(), problem);
    }

    private void AssertRefusedCheaply(byte[] content, string problem)
    {
        string path = _folder.Write("model", content);
        long before = GC.GetAllocatedBytesForCurrentThread();
        TempFolder.AssertRefused(path, () => SafetensorsReader.Open(path).Dispose(), problem);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
