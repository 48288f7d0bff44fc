using System.Globalization;
using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Measuring;
using Backprop.Simd;

namespace Backprop.Benchmarks.Compare;

/// <summary>Shapes whose working set lives in a given level of memory.</summary>
internal static class SizedShapes
{
    // N is the size that grows; a layer of ten classes and a batch of ten are what training has
    private static readonly string[] s_templates =
    [
        "gemm:NxNxN:nn", "gemv:NxN:n", "gemv:NxN:t", "ger:NxN", "exp:N", "log:N", "sigmoid:N", "sigmoid-derivative:N",
        "multiply-sigmoid-derivative:N", "norm:N", "gradient-descent:N", "momentum:N", "nesterov:N", "rmsprop:N", "adam:N", "adamw:N",
        "bias-sigmoid:Nx128", "softmax:Nx128", "log-softmax:Nx128", "softmax-jacobian:N", "softmax-jacobian-product:Nx128",
        "cross-entropy:Nx128", "cost-from-probabilities:Nx128", "cost-from-logits:Nx128",
        "output-delta:Nx128", "step:N-N-10:10", "predict:N-N-10:10",
    ];

    /// <summary>One shape a kernel, the largest that is no larger than the working set the level is measured with.</summary>
    public static IEnumerable<string> At(MemoryLevel level, CacheSizes caches) =>
        s_templates.Select(template => Fill(template, Largest(template, caches.WorkingSet(level))));

    private static int Largest(string template, long bytes)
    {
        // working sets grow with N: the range is halved until the largest N that fits is left
        int fits = 1, tooLarge = 1 << 30;
        while (tooLarge - fits > 1)
        {
            int middle = fits + (tooLarge - fits) / 2;
            if (ShapeParser.Create(Fill(template, middle)).WorkingSet <= bytes)
                fits = middle;
            else
                tooLarge = middle;
        }
        return fits;
    }

    private static string Fill(string template, int size) =>
        template.Replace("N", size.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
}
