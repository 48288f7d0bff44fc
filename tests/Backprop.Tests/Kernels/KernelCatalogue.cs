using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Support;

namespace Backprop.Tests.Kernels;

internal enum Content
{
    /// <summary>Any number; special values too where a test asks for them.</summary>
    Values,

    /// <summary>Rows that sum to 1.</summary>
    Probabilities,

    /// <summary>Read and written.</summary>
    Accumulator,

    /// <summary>Written, never read: filled with NaN before.</summary>
    Output,
}

internal sealed record Operand(string Name, Content Content, int Rows, int Columns, int Stride)
{
    public int Length => Inputs.StridedLength(Rows, Columns, Stride);

    public bool IsInput => Content is Content.Values or Content.Probabilities;

    public float[] Create(int seed, bool specialValues) => Inputs.Strided(Dense(seed, specialValues), Rows, Columns, Stride);

    private float[] Dense(int seed, bool specialValues) => Content switch
    {
        Content.Probabilities => Inputs.Probabilities(seed, Rows, Columns),
        Content.Output => Inputs.Filled(Rows * Columns, float.NaN),
        Content.Values when specialValues => Inputs.WithSpecialValues(seed, Rows * Columns),
        _ => Inputs.Uniform(seed, Rows * Columns, -3, 3),
    };
}

/// <summary>Calls the public method when no level is given, the internal one for a level otherwise; 0 where nothing is returned.</summary>
internal delegate float KernelAction(SimdLevel? level, Memory<float>[] operands, Memory<int> classes);

/// <summary>One call of one kernel, described so that a test of memory, bits or allocation can make it without knowing it.</summary>
internal sealed record KernelCall(string Method, string Shape, Operand[] Operands, KernelAction Run, int ClassRows = 0,
    int ClassColumns = 1)
{
    public Memory<float>[] CreateOperands(int seed, bool specialValues) =>
        [.. Operands.Select((operand, index) => operand.Create(seed + index, specialValues).AsMemory())];

    public int[] CreateClasses(int seed) => Inputs.Classes(seed, ClassRows, ClassColumns);

    public override string ToString() => $"{Method} {Shape}";
}

/// <summary>Every kernel of the library, once for each of its overloads and transpositions.</summary>
internal static class KernelCatalogue
{
    public static IEnumerable<KernelCall> All(int rows, int columns, int inner) =>
        [.. Elementwise(rows * columns), .. Rows(rows, columns), .. Matrices(rows, columns, inner, padding: 3, alpha: 0.7f)];

    public static IEnumerable<KernelCall> Elementwise(int length)
    {
        string shape = $"{length}";
        Operand x = Vector("x", Content.Values, length);
        Operand activations = Vector("activations", Content.Values, length);
        Operand destination = Vector("destination", Content.Output, length);
        yield return new("Exp", shape, [x, destination], (level, o, _) =>
        {
            if (level is { } given)
                Kernel.Exp(given, o[0].Span, o[1].Span);
            else
                Kernel.Exp(o[0].Span, o[1].Span);
            return 0;
        });
        yield return new("Log", shape, [x, destination], (level, o, _) =>
        {
            if (level is { } given)
                Kernel.Log(given, o[0].Span, o[1].Span);
            else
                Kernel.Log(o[0].Span, o[1].Span);
            return 0;
        });
        yield return new("Sigmoid", shape, [x, destination], (level, o, _) =>
        {
            if (level is { } given)
                Kernel.Sigmoid(given, o[0].Span, o[1].Span);
            else
                Kernel.Sigmoid(o[0].Span, o[1].Span);
            return 0;
        });
        yield return new("SigmoidDerivative", shape, [activations, destination], (level, o, _) =>
        {
            if (level is { } given)
                Kernel.SigmoidDerivative(given, o[0].Span, o[1].Span);
            else
                Kernel.SigmoidDerivative(o[0].Span, o[1].Span);
            return 0;
        });
        yield return new("MultiplySigmoidDerivative", shape, [Vector("upstream", Content.Values, length), activations, destination],
            (level, o, _) =>
        {
            if (level is { } given)
                Kernel.MultiplySigmoidDerivative(given, o[0].Span, o[1].Span, o[2].Span);
            else
                Kernel.MultiplySigmoidDerivative(o[0].Span, o[1].Span, o[2].Span);
            return 0;
        });
        yield return new("Norm", shape, [x], (level, o, _) => level is { } given ? Kernel.Norm(given, o[0].Span) : Kernel.Norm(o[0].Span));
        foreach (KernelCall update in Updates(length))
            yield return update;
    }

    private static IEnumerable<KernelCall> Updates(int length)
    {
        Operand gradient = Vector("gradient", Content.Values, length);
        Operand first = Vector("first state", Content.Accumulator, length);
        Operand second = Vector("second state", Content.Accumulator, length);
        Operand parameters = Vector("parameters", Content.Accumulator, length);
        yield return new("GradientDescentUpdate", $"{length}", [gradient, parameters], (level, o, _) =>
        {
            if (level is { } given)
                Kernel.GradientDescentUpdate(given, o[0].Span, 0.1f, 0.001f, o[1].Span);
            else
                Kernel.GradientDescentUpdate(o[0].Span, 0.1f, 0.001f, o[1].Span);
            return 0;
        });
        yield return new("MomentumUpdate", $"{length}", [gradient, first, parameters], (level, o, _) =>
        {
            if (level is { } given)
                Kernel.MomentumUpdate(given, o[0].Span, 0.1f, 0.9f, 0.001f, o[1].Span, o[2].Span);
            else
                Kernel.MomentumUpdate(o[0].Span, 0.1f, 0.9f, 0.001f, o[1].Span, o[2].Span);
            return 0;
        });
        yield return new("NesterovUpdate", $"{length}", [gradient, first, parameters], (level, o, _) =>
        {
            if (level is { } given)
                Kernel.NesterovUpdate(given, o[0].Span, 0.1f, 0.9f, 0.001f, o[1].Span, o[2].Span);
            else
                Kernel.NesterovUpdate(o[0].Span, 0.1f, 0.9f, 0.001f, o[1].Span, o[2].Span);
            return 0;
        });
        yield return new("RmsPropUpdate", $"{length}", [gradient, first, parameters], (level, o, _) =>
        {
            if (level is { } given)
                Kernel.RmsPropUpdate(given, o[0].Span, 0.1f, 0.9f, 1e-3f, 0.001f, o[1].Span, o[2].Span);
            else
                Kernel.RmsPropUpdate(o[0].Span, 0.1f, 0.9f, 1e-3f, 0.001f, o[1].Span, o[2].Span);
            return 0;
        });
        yield return new("AdamUpdate", $"{length}", [gradient, first, second, parameters], (level, o, _) =>
        {
            if (level is { } given)
                Kernel.AdamUpdate(given, o[0].Span, 0.1f, 0.9f, 0.99f, 1e-3f, 0.001f, 0.19, 0.0199, o[1].Span, o[2].Span, o[3].Span);
            else
                Kernel.AdamUpdate(o[0].Span, 0.1f, 0.9f, 0.99f, 1e-3f, 0.001f, 0.19, 0.0199, o[1].Span, o[2].Span, o[3].Span);
            return 0;
        });
        yield return new("AdamWUpdate", $"{length}", [gradient, first, second, parameters], (level, o, _) =>
        {
            if (level is { } given)
                Kernel.AdamWUpdate(given, o[0].Span, 0.1f, 0.9f, 0.99f, 1e-3f, 0.01f, 0.19, 0.0199, o[1].Span, o[2].Span, o[3].Span);
            else
                Kernel.AdamWUpdate(o[0].Span, 0.1f, 0.9f, 0.99f, 1e-3f, 0.01f, 0.19, 0.0199, o[1].Span, o[2].Span, o[3].Span);
            return 0;
        });
    }

    public static IEnumerable<KernelCall> Rows(int rows, int columns)
    {
        string shape = $"{rows}×{columns}";
        Operand z = Dense("z", Content.Values, rows, columns);
        Operand probabilities = Dense("activations", Content.Probabilities, rows, columns);
        Operand targets = Dense("targets", Content.Probabilities, rows, columns);
        Operand destination = Dense("destination", Content.Output, rows, columns);
        Operand activations = Dense("activations", Content.Output, rows, columns);
        Operand delta = Dense("delta", Content.Output, rows, columns);
        yield return new("BiasSigmoid", shape, [z, Vector("bias", Content.Values, columns), destination], (level, o, _) =>
        {
            if (level is { } given)
                Kernel.BiasSigmoid(given, o[0].Span, o[1].Span, rows, columns, o[2].Span);
            else
                Kernel.BiasSigmoid(o[0].Span, o[1].Span, rows, columns, o[2].Span);
            return 0;
        });
        yield return new("Softmax", shape, [z, destination], (level, o, _) =>
        {
            if (level is { } given)
                Kernel.Softmax(given, o[0].Span, rows, columns, o[1].Span);
            else
                Kernel.Softmax(o[0].Span, rows, columns, o[1].Span);
            return 0;
        });
        yield return new("LogSoftmax", shape, [z, destination], (level, o, _) =>
        {
            if (level is { } given)
                Kernel.LogSoftmax(given, o[0].Span, rows, columns, o[1].Span);
            else
                Kernel.LogSoftmax(o[0].Span, rows, columns, o[1].Span);
            return 0;
        });
        yield return new("SoftmaxJacobian", $"{columns}",
            [Dense("activations", Content.Probabilities, 1, columns), Dense("destination", Content.Output, columns, columns)],
            (level, o, _) =>
            {
                if (level is { } given)
                    Kernel.SoftmaxJacobian(given, o[0].Span, o[1].Span);
                else
                    Kernel.SoftmaxJacobian(o[0].Span, o[1].Span);
                return 0;
            });
        yield return new("SoftmaxJacobianProduct", shape, [probabilities, Dense("vector", Content.Values, rows, columns), destination],
            (level, o, _) =>
        {
            if (level is { } given)
                Kernel.SoftmaxJacobianProduct(given, o[0].Span, o[1].Span, rows, columns, o[2].Span);
            else
                Kernel.SoftmaxJacobianProduct(o[0].Span, o[1].Span, rows, columns, o[2].Span);
            return 0;
        });
        yield return new("CrossEntropy", $"{shape} targets", [probabilities, targets], (level, o, _) => level is { } given
            ? Kernel.CrossEntropy(given, o[0].Span, o[1].Span, rows, columns)
            : Kernel.CrossEntropy(o[0].Span, o[1].Span, rows, columns));
        yield return new("CrossEntropy", $"{shape} classes", [probabilities], (level, o, classes) => level is { } given
            ? Kernel.CrossEntropy(given, o[0].Span, classes.Span, rows, columns)
            : Kernel.CrossEntropy(o[0].Span, classes.Span, rows, columns), rows, columns);
        yield return new("CrossEntropyFromLogits", $"{shape} targets", [z, targets], (level, o, _) => level is { } given
            ? Kernel.CrossEntropyFromLogits(given, o[0].Span, o[1].Span, rows, columns)
            : Kernel.CrossEntropyFromLogits(o[0].Span, o[1].Span, rows, columns));
        yield return new("CrossEntropyFromLogits", $"{shape} classes", [z], (level, o, classes) => level is { } given
            ? Kernel.CrossEntropyFromLogits(given, o[0].Span, classes.Span, rows, columns)
            : Kernel.CrossEntropyFromLogits(o[0].Span, classes.Span, rows, columns), rows, columns);
        yield return new("OutputDelta", $"{shape} targets", [probabilities, targets, destination], (level, o, _) =>
        {
            Kernel.OutputDelta(o[0].Span, o[1].Span, rows, columns, o[2].Span);
            return 0;
        });
        yield return new("OutputDelta", $"{shape} classes", [probabilities, destination], (level, o, classes) =>
        {
            Kernel.OutputDelta(o[0].Span, classes.Span, rows, columns, o[1].Span);
            return 0;
        }, rows, columns);
        yield return new("SoftmaxCrossEntropy", $"{shape} targets", [z, targets, activations, delta], (level, o, _) => level is { } given
            ? Kernel.SoftmaxCrossEntropy(given, o[0].Span, o[1].Span, rows, columns, o[2].Span, o[3].Span)
            : Kernel.SoftmaxCrossEntropy(o[0].Span, o[1].Span, rows, columns, o[2].Span, o[3].Span));
        yield return new("SoftmaxCrossEntropy", $"{shape} classes", [z, activations, delta], (level, o, classes) => level is { } given
            ? Kernel.SoftmaxCrossEntropy(given, o[0].Span, classes.Span, rows, columns, o[1].Span, o[2].Span)
            : Kernel.SoftmaxCrossEntropy(o[0].Span, classes.Span, rows, columns, o[1].Span, o[2].Span), rows, columns);
    }

    /// <summary>
    /// A is m × n for <c>Gemv</c> and <c>Ger</c>; strides exceed the columns by <paramref name="padding"/>. With alpha = 1 A may be used
    /// where it is.
    /// </summary>
    public static IEnumerable<KernelCall> Matrices(int m, int n, int k, int padding, float alpha)
    {
        Operand a = Strided("a", Content.Values, m, n, padding);
        foreach (Transpose transpose in Enum.GetValues<Transpose>())
        {
            int inputs = transpose == Transpose.Yes ? m : n;
            Operand[] operands = [a, Vector("x", Content.Values, inputs), Vector("y", Content.Accumulator, m + n - inputs)];
            yield return new("Gemv", $"{m}×{n} {transpose}, alpha {alpha}", operands, (level, o, _) =>
            {
                if (level is { } given)
                    Kernel.Gemv(given, transpose, m, n, alpha, o[0].Span, a.Stride, o[1].Span, 1.3f, o[2].Span);
                else
                    Kernel.Gemv(transpose, m, n, alpha, o[0].Span, a.Stride, o[1].Span, 1.3f, o[2].Span);
                return 0;
            });
        }
        Operand updated = a with { Content = Content.Accumulator };
        yield return new("Ger", $"{m}×{n}, alpha {alpha}", [Vector("x", Content.Values, m), Vector("y", Content.Values, n), updated],
            (level, o, _) =>
        {
            if (level is { } given)
                Kernel.Ger(given, m, n, alpha, o[0].Span, o[1].Span, o[2].Span, updated.Stride);
            else
                Kernel.Ger(m, n, alpha, o[0].Span, o[1].Span, o[2].Span, updated.Stride);
            return 0;
        });
        foreach (Transpose transposeA in Enum.GetValues<Transpose>())
            foreach (Transpose transposeB in Enum.GetValues<Transpose>())
                yield return Gemm(transposeA, transposeB, m, n, k, padding, alpha);
    }

    private static KernelCall Gemm(Transpose transposeA, Transpose transposeB, int m, int n, int k, int padding, float alpha)
    {
        Operand a = transposeA == Transpose.Yes ? Strided("a", Content.Values, k, m, padding) : Strided("a", Content.Values, m, k, padding);
        Operand b = transposeB == Transpose.Yes ? Strided("b", Content.Values, n, k, padding) : Strided("b", Content.Values, k, n, padding);
        Operand c = Strided("c", Content.Accumulator, m, n, padding);
        return new("Gemm", $"{m}×{n}×{k} {transposeA} {transposeB}, alpha {alpha}", [a, b, c], (level, o, _) =>
        {
            if (level is { } given)
                Kernel.Gemm(given, transposeA, transposeB, m, n, k, alpha, o[0].Span, a.Stride, o[1].Span, b.Stride, 1.3f, o[2].Span,
                    c.Stride);
            else
                Kernel.Gemm(transposeA, transposeB, m, n, k, alpha, o[0].Span, a.Stride, o[1].Span, b.Stride, 1.3f, o[2].Span, c.Stride);
            return 0;
        });
    }

    private static Operand Vector(string name, Content content, int length) => Dense(name, content, 1, length);

    private static Operand Dense(string name, Content content, int rows, int columns) => new(name, content, rows, columns, columns);

    private static Operand Strided(string name, Content content, int rows, int columns, int padding) =>
        new(name, content, rows, columns, Math.Max(1, columns + padding));
}
