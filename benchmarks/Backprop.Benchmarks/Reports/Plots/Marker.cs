namespace Backprop.Benchmarks.Reports.Plots;

/// <summary>The shape of a point around the origin, about ten pixels wide.</summary>
/// <param name="Name">What it stands for.</param>
/// <param name="Svg">Its drawing.</param>
internal sealed record Marker(string Name, string Svg)
{
    public static Marker Circle(string name) => new(name, "<circle r=\"5\"/>");

    private static readonly (string Prefix, Marker Marker)[] s_byKernel =
    [
        ("gemm", Circle("gemm")),
        ("gemv", new("gemv", "<path d=\"M-4.5-4.5h9v9h-9z\"/>")),
        ("ger", new("ger", "<path d=\"M0-6l5.5 10h-11z\"/>")),
        ("step", new("step", "<path d=\"M0-6l6 6l-6 6l-6-6z\"/>")),
        ("predict", new("predict", "<path d=\"M-2-6h4v4h4v4h-4v4h-4v-4h-4v-4h4z\"/>")),
    ];

    private static readonly Marker s_other = new("other kernels", "<path d=\"M0 6l5.5-10h-11z\"/>");

    /// <summary>One shape a family of kernels: colour tells the level already.</summary>
    public static Marker Of(string kernel) =>
        s_byKernel.FirstOrDefault(entry => kernel.StartsWith(entry.Prefix, StringComparison.Ordinal)).Marker ?? s_other;
}
