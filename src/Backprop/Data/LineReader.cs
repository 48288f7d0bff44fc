namespace Backprop.Data;

/// <summary>Splits a file into lines of bytes, ended by LF or CR LF; no allocation a line.</summary>
internal sealed class LineReader(DataReader file)
{
    // Above a line of a million numbers of 15 digits; keeps a file without line ends from filling the memory.
    private const int LongestLine = 1 << 24;

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>The number of the line read last, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Reads the next line, without its end; it is valid until the next call. False at the end of the file.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        int length = FindLineEnd();
        bool hasLineEnd = _start + length < _end;
        line = _buffer.AsSpan(_start, length);
        if (Number == 0 && line.StartsWith("\uFEFF"u8)) line = line["\uFEFF"u8.Length..];
        if (line is [.., (byte)'\r']) line = line[..^1];
        bool isLine = hasLineEnd || length > 0;
        _start += hasLineEnd ? length + 1 : length;
        if (isLine) Number++;
        return isLine;
    }

    /// <summary>Bytes from the start to the next LF or, where none is left, to the end of the file.</summary>
    private int FindLineEnd()
    {
        int searched = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0) return searched + length;
            searched = _end - _start;
            if (_isAtEnd) return searched;
            Fill();
        }
    }

    private void Fill()
    {
        int kept = _end - _start;
        if (kept >= LongestLine) throw file.Error($"line {Number + 1}: {kept} bytes without a line end; expected fewer than {LongestLine}");
        byte[] target = kept > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(_start, kept).CopyTo(target);
        _buffer = target;
        int count = file.Read(target.AsSpan(kept));
        _isAtEnd = count < target.Length - kept;
        (_start, _end) = (0, kept + count);
    }
}
