using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Backprop.Kernels;

/// <summary>
/// SHA-256 (FIPS 180-4, section 6.2) in managed code: the framework's is OpenSSL's on Linux, and where that is missing it ends the
/// process. For telling contents apart, not for secrets.
/// </summary>
internal sealed class Sha256 : HashAlgorithm
{
    public const int DigestLength = 32;

    private const int BlockLength = 64;
    private const int LengthField = sizeof(ulong);
    private const int Rounds = 64;

    // values longer than a span of bytes can be, or on a big-endian machine, go in pieces
    private const int Piece = 1 << 20;

    private readonly uint[] _state = new uint[8];
    private readonly byte[] _block = new byte[BlockLength];
    private ulong _length;

    public Sha256()
    {
        HashSizeValue = 8 * DigestLength;
        Initialize();
    }

    /// <summary>The first 32 bits of the fractional parts of the cube roots of the first 64 primes.</summary>
    private static ReadOnlySpan<uint> RoundConstants =>
    [
        0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
        0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
        0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
        0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
        0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
        0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
        0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
        0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
    ];

    /// <summary>The first 32 bits of the fractional parts of the square roots of the first 8 primes.</summary>
    private static ReadOnlySpan<uint> InitialState =>
        [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19];

    public override void Initialize()
    {
        InitialState.CopyTo(_state);
        _length = 0;
    }

    public void Append(ReadOnlySpan<byte> bytes) => HashCore(bytes);

    /// <summary>Each value as four bytes, the lowest first.</summary>
    public void AppendLittleEndian(ReadOnlySpan<float> values) => AppendLittleEndian(MemoryMarshal.Cast<float, int>(values));

    /// <inheritdoc cref="AppendLittleEndian(ReadOnlySpan{float})"/>
    public void AppendLittleEndian(ReadOnlySpan<int> values)
    {
        for (; !values.IsEmpty; values = values[Math.Min(Piece, values.Length)..])
        {
            ReadOnlySpan<int> piece = values[..Math.Min(Piece, values.Length)];
            if (!BitConverter.IsLittleEndian)
            {
                int[] reversed = new int[piece.Length];
                BinaryPrimitives.ReverseEndianness(piece, reversed);
                piece = reversed;
            }

            HashCore(MemoryMarshal.AsBytes(piece));
        }
    }

    /// <summary>The digest of all that was appended; nothing may be appended after it.</summary>
    public byte[] Finish() => HashFinal();

    protected override void HashCore(byte[] array, int ibStart, int cbSize) => HashCore(array.AsSpan(ibStart, cbSize));

    protected override void HashCore(ReadOnlySpan<byte> source)
    {
        int held = (int)(_length % BlockLength);
        _length += (ulong)source.Length;
        if (held > 0)
        {
            int taken = Math.Min(BlockLength - held, source.Length);
            source[..taken].CopyTo(_block.AsSpan(held));
            source = source[taken..];
            if (held + taken < BlockLength)
                return;
            Compress(_state, _block);
        }

        for (; source.Length >= BlockLength; source = source[BlockLength..])
            Compress(_state, source[..BlockLength]);
        source.CopyTo(_block);
    }

    /// <summary>A bit 1, bits 0 up to 8 bytes before the end of a block, and the length in bits.</summary>
    protected override byte[] HashFinal()
    {
        ulong bits = 8 * _length;
        int held = (int)(_length % BlockLength);
        int zeros = (2 * BlockLength - 1 - LengthField - held) % BlockLength;
        Span<byte> padding = stackalloc byte[BlockLength + LengthField];
        padding.Clear();
        padding[0] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(padding[(1 + zeros)..], bits);
        HashCore(padding[..(1 + zeros + LengthField)]);

        byte[] digest = new byte[DigestLength];
        for (int i = 0; i < _state.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(i * sizeof(uint)), _state[i]);
        return digest;
    }

    /// <summary>Mixes one block into the state; names as in the standard.</summary>
    [SkipLocalsInit]
    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[Rounds];
        for (int t = 0; t < 16; t++)
            w[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(t * sizeof(uint))..]);
        for (int t = 16; t < w.Length; t++)
        {
            uint w15 = w[t - 15], w2 = w[t - 2];
            uint sigma0 = BitOperations.RotateRight(w15, 7) ^ BitOperations.RotateRight(w15, 18) ^ (w15 >> 3);
            uint sigma1 = BitOperations.RotateRight(w2, 17) ^ BitOperations.RotateRight(w2, 19) ^ (w2 >> 10);
            w[t] = sigma1 + w[t - 7] + sigma0 + w[t - 16];
        }

        uint a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
        for (int t = 0; t < w.Length; t++)
        {
            uint sum1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
            uint t1 = h + sum1 + ((e & f) ^ (~e & g)) + RoundConstants[t] + w[t];
            uint sum0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
            uint t2 = sum0 + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }
}
