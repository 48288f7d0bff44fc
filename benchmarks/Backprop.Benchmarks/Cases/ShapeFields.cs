using System.Globalization;
using Backprop.Benchmarks.Compare;

namespace Backprop.Benchmarks.Cases;

/// <summary>The parts of one <c>KIND:SHAPE[:OPTION]</c>, read one by one.</summary>
internal sealed class ShapeFields(string text, string form, string[] parts)
{
    /// <summary>SHAPE as <paramref name="count"/> sizes with a separator between them.</summary>
    public int[] Sizes(char separator, int count)
    {
        int[] sizes = Sizes(separator);
        return sizes.Length == count ? sizes : throw Malformed();
    }

    /// <summary>SHAPE as the sizes of a network's layers.</summary>
    public int[] Layers()
    {
        int[] layers = Sizes('-');
        return layers.Length >= 2
            ? layers
            : throw new InputException($"shape '{text}': a network has at least two layers, expected {form}");
    }

    /// <summary>OPTION as a batch size.</summary>
    public int Batch() => parts.Length == 3 ? Size(parts[2]) : throw Malformed();

    /// <summary>OPTION as one of the allowed words.</summary>
    public string Option(params ReadOnlySpan<string> allowed) =>
        parts.Length == 3 && allowed.Contains(parts[2]) ? parts[2] : throw Malformed();

    /// <summary>Refuses an option.</summary>
    public void NoOption()
    {
        if (parts.Length > 2)
            throw Malformed();
    }

    private int[] Sizes(char separator) =>
        parts.Length < 2 ? throw Malformed() : [.. parts[1].Split(separator).Select(Size)];

    private int Size(string digits)
    {
        // a minus sign is let through to be told what is wrong with it
        if (!long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long size))
            throw Malformed();
        if (size is < 1 or > int.MaxValue)
            throw new InputException($"shape '{text}': size {digits} is not from 1 to {int.MaxValue}, expected {form}");
        return (int)size;
    }

    private InputException Malformed() => new($"malformed shape '{text}': expected {form}");
}
