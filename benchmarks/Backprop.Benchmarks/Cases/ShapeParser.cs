using System.Globalization;
using Backprop.Benchmarks.Compare;

namespace Backprop.Benchmarks.Cases;

/// <summary>
/// Reads <c>KIND:SHAPE[:OPTION]</c>. Everything wrong with it is an <see cref="InputException"/> that says what was expected.
/// </summary>
internal static class ShapeParser
{
    /// <summary>The kinds and how their shapes are written, in the order of reports.</summary>
    public static IReadOnlyList<(string Kind, string Form)> Forms { get; } =
    [
        ("gemm", "gemm:MxNxK:nn|nt|tn|tt"),
        ("gemv", "gemv:MxN:n|t"),
        ("ger", "ger:MxN"),
        ("exp", "exp:N"),
        ("log", "log:N"),
        ("sigmoid", "sigmoid:N"),
        ("bias-sigmoid", "bias-sigmoid:ROWSxCOLUMNS"),
        ("softmax", "softmax:ROWSxCOLUMNS"),
        ("cross-entropy", "cross-entropy:ROWSxCOLUMNS"),
        ("step", "step:L0-L1-…:BATCH"),
        ("predict", "predict:L0-L1-…:BATCH"),
    ];

    /// <summary>Reads one shape and makes sure that this machine can hold it.</summary>
    public static KernelCase Parse(string text) => Parse(text, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>Reads one shape and makes sure that it fits <paramref name="availableBytes"/> of memory.</summary>
    public static KernelCase Parse(string text, long availableBytes)
    {
        KernelCase problem = Create(text);
        if (problem.LargestArray > Array.MaxLength)
        {
            throw new InputException(Invariant(
                $"shape '{text}': {problem.LargestArray:N0} elements do not fit one array ({Array.MaxLength:N0})"));
        }
        if (problem.MemoryBytes > availableBytes)
        {
            throw new InputException(
                $"shape '{text}' needs {Gigabytes(problem.MemoryBytes)} of memory, there are {Gigabytes(availableBytes)}");
        }
        return problem;
    }

    private static KernelCase Create(string text)
    {
        string[] parts = text.Split(':');
        string form = Forms.FirstOrDefault(entry => entry.Kind == parts[0]).Form
            ?? throw new InputException(
                $"shape '{text}': unknown kernel '{parts[0]}', expected {string.Join(", ", Forms.Select(entry => entry.Kind))}");
        ShapeFields fields = new(text, form, parts);
        switch (parts[0])
        {
            case "gemm":
                int[] mnk = fields.Sizes('x', 3);
                string option = fields.Option("nn", "nt", "tn", "tt");
                return new GemmCase(mnk[0], mnk[1], mnk[2], option[0] == 't', option[1] == 't');
            case "gemv":
                int[] mn = fields.Sizes('x', 2);
                return new GemvCase(mn[0], mn[1], fields.Option("n", "t") == "t");
            case "step":
                return new StepCase(fields.Layers(), fields.Batch());
            case "predict":
                return new PredictCase(fields.Layers(), fields.Batch());
            default:
                return CreateWithoutOption(parts[0], fields);
        }
    }

    private static KernelCase CreateWithoutOption(string kind, ShapeFields fields)
    {
        fields.NoOption();
        if (kind is "exp" or "log" or "sigmoid")
        {
            int length = fields.Sizes('x', 1)[0];
            return kind switch { "exp" => new ExpCase(length), "log" => new LogCase(length), _ => new SigmoidCase(length) };
        }
        int[] sizes = fields.Sizes('x', 2);
        return kind switch
        {
            "ger" => new GerCase(sizes[0], sizes[1]),
            "bias-sigmoid" => new BiasSigmoidCase(sizes[0], sizes[1]),
            "softmax" => new SoftmaxCase(sizes[0], sizes[1]),
            _ => new CrossEntropyCase(sizes[0], sizes[1]),
        };
    }

    private static string Gigabytes(double bytes) => Invariant($"{bytes / (1L << 30):N1} GiB");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
