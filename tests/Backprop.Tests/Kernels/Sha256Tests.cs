using System.Security.Cryptography;
using Backprop.Kernels;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>The digest is the one that the platform's own implementation gives.</summary>
public class Sha256Tests
{
    /// <summary>FIPS 180-2, appendix B: known without any implementation.</summary>
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void Of_the_standards_own_examples(string text, string digest) =>
        Assert.Equal(digest, Convert.ToHexStringLower(Digest(System.Text.Encoding.ASCII.GetBytes(text))));

    [Fact]
    public void Of_every_length_to_four_blocks()
    {
        byte[] bytes = Bytes(256);
        for (int length = 0; length <= bytes.Length; length++)
            Assert.Equal(SHA256.HashData(bytes.AsSpan(0, length)), Digest(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void Of_pieces_of_any_length()
    {
        byte[] bytes = Bytes(1000);
        for (int piece = 1; piece <= 200; piece++)
        {
            using Sha256 hash = new();
            for (int start = 0; start < bytes.Length; start += piece)
                hash.Append(bytes.AsSpan(start, Math.Min(piece, bytes.Length - start)));
            Assert.Equal(SHA256.HashData(bytes), hash.Finish());
        }
    }

    [Fact]
    public void Of_numbers_lowest_byte_first()
    {
        float[] values = [.. Enumerable.Range(0, (1 << 20) + 3).Select(i => i / 7f)];
        byte[] bytes = [.. values.SelectMany(value =>
        {
            int bits = BitConverter.SingleToInt32Bits(value);
            return new[] { (byte)bits, (byte)(bits >> 8), (byte)(bits >> 16), (byte)(bits >> 24) };
        })];
        using Sha256 hash = new();
        hash.AppendLittleEndian(values);
        Assert.Equal(SHA256.HashData(bytes), hash.Finish());
    }

    [Fact]
    public void Of_a_stream()
    {
        byte[] bytes = Bytes(5000);
        using Sha256 hash = new();
        using (CryptoStream stream = new(Stream.Null, hash, CryptoStreamMode.Write))
            stream.Write(bytes);
        Assert.Equal(SHA256.HashData(bytes), hash.Hash);
    }

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Digest(ReadOnlySpan<byte> bytes)
    {
        using Sha256 hash = new();
        hash.Append(bytes);
        return hash.Finish();
    }
}
