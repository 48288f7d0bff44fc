namespace Backprop.Benchmarks.Cases;

/// <summary>A kind of shape.</summary>
/// <param name="Kind">The word before the first colon.</param>
/// <param name="Fields">What follows it, as help names it.</param>
/// <param name="Kernels">The kernels in reports that it stands for: the kind itself, or one an option.</param>
/// <param name="Create">Makes the case of what was written there.</param>
internal sealed record ShapeForm(string Kind, string Fields, IReadOnlyList<string> Kernels, Func<ShapeFields, KernelCase> Create)
{
    /// <summary>The whole form, <c>softmax:ROWSxCOLUMNS</c>.</summary>
    public string Form => $"{Kind}:{Fields}";

    /// <summary>What the option can be where it may go unsaid: a shape without it stands for one of each.</summary>
    public IReadOnlyList<string> Each { get; init; } = [];

    /// <summary>Whether it is measured when its shape is named and not otherwise.</summary>
    public bool OnlyNamed { get; init; }
}
