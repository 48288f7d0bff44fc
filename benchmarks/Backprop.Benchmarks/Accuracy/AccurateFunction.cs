using Backprop.Simd;

namespace Backprop.Benchmarks.Accuracy;

/// <summary>A kernel of one argument, what it should compute, in double, and the error it promises.</summary>
internal sealed record AccurateFunction(string Name, AccurateFunction.Call Kernel, Func<double, double> Reference, double PromisedUlp)
{
    public delegate void Call(SimdLevel level, ReadOnlySpan<float> x, Span<float> destination);

    public static readonly AccurateFunction[] All =
    [
        new("Exp", Kernels.Kernel.Exp, Math.Exp, 1),
        new("Log", Kernels.Kernel.Log, Math.Log, 1),
        new("Sigmoid", Kernels.Kernel.Sigmoid, Logistic, 2),
    ];

    // neither form loses a digit on its side
    private static double Logistic(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return x < 0 ? e / (1 + e) : 1 / (1 + e);
    }
}
