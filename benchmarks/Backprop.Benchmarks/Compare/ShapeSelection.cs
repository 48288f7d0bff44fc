using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Measuring;
using Backprop.Simd;

namespace Backprop.Benchmarks.Compare;

/// <summary>From shapes, sizes and kernels that the user named, or none, to the cases that are measured.</summary>
internal static class ShapeSelection
{
    public static IReadOnlyList<KernelCase> Select(CompareInput input, CacheSizes caches)
    {
        MemoryLevel[] levels = [.. input.Sizes.Distinct().Select(ParseLevel)];
        IEnumerable<string> named = input.Shapes.Concat(levels.SelectMany(level => SizedShapes.At(level, caches)));
        // a kernel that is named is run even where the quick list leaves it out
        IEnumerable<string> usual = input.Quick && input.Kernels.Count == 0 ? DefaultShapes.Quick : DefaultShapes.Full(caches);
        List<KernelCase> cases = [.. (IsNamed(input) ? named : usual).SelectMany(ShapeParser.Expand).Distinct()
            .Select(text => ShapeParser.Parse(text))];
        return input.Kernels.Count == 0 ? cases : Keep(cases, input.Kernels);
    }

    /// <summary>Whether the user asked for shapes of their own.</summary>
    public static bool IsNamed(CompareInput input) => input.Shapes.Count + input.Sizes.Count > 0;

    private static List<KernelCase> Keep(List<KernelCase> cases, IReadOnlyCollection<string> kernels)
    {
        foreach (string kernel in kernels)
        {
            if (!ShapeParser.Forms.Any(form => form.Kind == kernel || form.Kernels.Contains(kernel)))
            {
                throw new InputException(
                    $"unknown kernel '{kernel}', expected {string.Join(", ", ShapeParser.Forms.Select(form => form.Kind))}");
            }
        }
        List<KernelCase> kept = [.. cases.Where(problem => kernels.Any(kernel => Matches(problem.Kernel, kernel)))];
        return kept.Count > 0 ? kept : throw new InputException($"no shape is of kernel {string.Join(", ", kernels)}: nothing to measure");
    }

    private static bool Matches(string kernel, string name) =>
        kernel == name || ShapeParser.Forms.Any(form => form.Kind == name && form.Kernels.Contains(kernel));

    private static MemoryLevel ParseLevel(string text) => Enum.GetNames<MemoryLevel>().Contains(text)
        ? Enum.Parse<MemoryLevel>(text)
        : throw new InputException($"--size {text}: expected {string.Join(", ", Enum.GetNames<MemoryLevel>())}");
}
