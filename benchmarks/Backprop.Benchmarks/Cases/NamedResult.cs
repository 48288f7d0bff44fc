namespace Backprop.Benchmarks.Cases;

/// <summary>An array that a call wrote, under the name that <see cref="ResultCheck"/> tells; a single number is an array of one.</summary>
internal readonly record struct NamedResult(string Name, ReadOnlyMemory<float> Values)
{
    public static IReadOnlyList<NamedResult> None => [];
}
