using System.Globalization;
using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Startup;

namespace Backprop.Benchmarks.Cases;

/// <summary>
/// Reads <c>KIND:SHAPE[:OPTION]</c>. Everything wrong with it is an <see cref="InputException"/> that says what was expected.
/// </summary>
internal static class ShapeParser
{
    /// <summary>The kinds and how their shapes are written, in the order of reports.</summary>
    public static IReadOnlyList<ShapeForm> Forms { get; } =
    [
        new("gemm", "MxNxK:nn|nt|tn|tt", ["gemm-nn", "gemm-nt", "gemm-tn", "gemm-tt"], CreateGemm),
        new("gemv", "MxN:n|t", ["gemv-n", "gemv-t"], CreateGemv),
        OfMatrix("ger", "MxN", (m, n) => new GerCase(m, n)),
        OfVector("exp", length => new ExpCase(length)),
        OfVector("log", length => new LogCase(length)),
        OfVector("sigmoid", length => new SigmoidCase(length)),
        OfVector("sigmoid-derivative", length => new SigmoidDerivativeCase(length)),
        OfVector("multiply-sigmoid-derivative", length => new MultiplySigmoidDerivativeCase(length)),
        OfVector("norm", length => new NormCase(length)),
        .. Enum.GetValues<UpdateRule>().Select(rule => OfVector(UpdateCase.Name(rule), length => new UpdateCase(rule, length))),
        OfRows("bias-sigmoid", (rows, columns) => new BiasSigmoidCase(rows, columns)),
        OfRows("softmax", (rows, columns) => new SoftmaxCase(rows, columns)),
        OfRows("log-softmax", (rows, columns) => new LogSoftmaxCase(rows, columns)),
        OfVector("softmax-jacobian", length => new SoftmaxJacobianCase(length)),
        OfRows("softmax-jacobian-product", (rows, columns) => new SoftmaxJacobianProductCase(rows, columns)),
        OfRows("cross-entropy", (rows, columns) => new CrossEntropyCase(rows, columns)),
        OfRows("cost-from-probabilities", (rows, columns) => new CostFromProbabilitiesCase(rows, columns)),
        OfRows("cost-from-logits", (rows, columns) => new CostFromLogitsCase(rows, columns)),
        OfRows("output-delta", (rows, columns) => new OutputDeltaCase(rows, columns)),
        new("step", "L0-L1-…:BATCH", ["step"], fields => new StepCase(fields.Layers(), fields.Batch())),
        new("predict", "L0-L1-…:BATCH", ["predict"], fields => new PredictCase(fields.Layers(), fields.Batch())),
        new("startup", $"L0-L1-…[:{string.Join('|', StartupStage.All)}]", [.. StartupStage.All.Select(StartupStage.Kernel)], CreateStartup)
        {
            Each = StartupStage.All,
            OnlyNamed = true,
        },
    ];

    /// <summary>The shapes that a text stands for: itself, or one for each option where that may go unsaid.</summary>
    public static IEnumerable<string> Expand(string text)
    {
        string[] parts = text.Split(':');
        ShapeForm? form = Find(parts[0]);
        return parts.Length == 2 && form?.Each.Count > 0 ? form.Each.Select(option => $"{text}:{option}") : [text];
    }

    /// <summary>Reads one shape and makes sure that this machine can hold it.</summary>
    public static KernelCase Parse(string text) => Parse(text, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>Reads one shape and makes sure that it fits <paramref name="availableBytes"/> of memory.</summary>
    public static KernelCase Parse(string text, long availableBytes)
    {
        KernelCase problem = Create(text);
        if (problem.LargestArray > Operand.MaxLength)
        {
            throw new InputException(Invariant(
                $"shape '{text}': {problem.LargestArray:N0} elements do not fit one array ({Operand.MaxLength:N0})"));
        }
        if (problem.MemoryBytes > availableBytes)
        {
            throw new InputException(
                $"shape '{text}' needs {Gigabytes(problem.MemoryBytes)} of memory, there are {Gigabytes(availableBytes)}");
        }
        return problem;
    }

    /// <summary>Reads one shape, whether or not this machine can hold it.</summary>
    public static KernelCase Create(string text)
    {
        string[] parts = text.Split(':');
        ShapeForm form = Find(parts[0])
            ?? throw new InputException(
                $"shape '{text}': unknown kernel '{parts[0]}', expected {string.Join(", ", Forms.Select(entry => entry.Kind))}");
        return form.Create(new ShapeFields(text, form.Form, parts));
    }

    private static ShapeForm? Find(string kind) => Forms.FirstOrDefault(entry => entry.Kind == kind);

    private static StartupCase CreateStartup(ShapeFields fields)
    {
        int[] layers = fields.Layers();
        return new StartupCase(fields.Option([.. StartupStage.All]), layers);
    }

    private static GemmCase CreateGemm(ShapeFields fields)
    {
        int[] sizes = fields.Sizes('x', 3);
        string option = fields.Option("nn", "nt", "tn", "tt");
        return new GemmCase(sizes[0], sizes[1], sizes[2], option[0] == 't', option[1] == 't');
    }

    private static GemvCase CreateGemv(ShapeFields fields)
    {
        int[] sizes = fields.Sizes('x', 2);
        return new GemvCase(sizes[0], sizes[1], fields.Option("n", "t") == "t");
    }

    private static ShapeForm OfVector(string kind, Func<int, KernelCase> create) => new(kind, "N", [kind], fields =>
    {
        fields.NoOption();
        return create(fields.Sizes('x', 1)[0]);
    });

    private static ShapeForm OfRows(string kind, Func<int, int, KernelCase> create) => OfMatrix(kind, "ROWSxCOLUMNS", create);

    private static ShapeForm OfMatrix(string kind, string sizeNames, Func<int, int, KernelCase> create) =>
        new(kind, sizeNames, [kind], fields =>
        {
            fields.NoOption();
            int[] sizes = fields.Sizes('x', 2);
            return create(sizes[0], sizes[1]);
        });

    private static string Gigabytes(double bytes) => Invariant($"{bytes / (1L << 30):N1} GiB");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
