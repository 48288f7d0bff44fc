namespace Backprop.Formats;

/// <summary>A tensor of a safetensors file: single precision, row-major.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its sizes, the last running fastest.</param>
/// <param name="Begin">Its first byte, counted from the end of the header.</param>
/// <param name="End">The byte after its last.</param>
internal sealed record TensorEntry(string Name, IReadOnlyList<long> Shape, long Begin, long End)
{
    private const int ShownSizes = 8;

    /// <summary>The shape as messages show it: <c>[30, 784]</c>.</summary>
    public string ShapeText => ToText(Shape);

    /// <summary>A list of integers as messages show it, shortened.</summary>
    public static string ToText(IReadOnlyList<long> integers) =>
        $"[{string.Join(", ", integers.Take(ShownSizes))}{(integers.Count > ShownSizes ? ", …" : "")}]";
}
