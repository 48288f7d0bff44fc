using Backprop.Benchmarks.Measuring;
using Backprop.Simd;

namespace Backprop.Benchmarks.Compare;

/// <summary>
/// What is compared when no shape is named: every kernel, those that a training step spends its time in with several shapes of the networks
/// the library is for and, where the speed depends on it, working sets of different cache levels; exp, gemv
/// and ger from a few elements to past the last cache.
/// </summary>
internal static class DefaultShapes
{
    // exp:10000000 is past a last-level cache of this size; one more shape is past a larger one
    private const long LargeCache = 40L << 20;

    public static IReadOnlyList<string> Full(CacheSizes caches) =>
        caches.L3 <= LargeCache
            ? s_full
            : [.. s_full, $"exp:{2 * Math.Min(caches.L3, MemoryLevels.LargestWorkingSet / 2) / sizeof(double)}"];

    private static readonly string[] s_full =
    [
        "gemm:10x30x784:nn", "gemm:128x512x784:nn", "gemm:512x512x512:nn",
        "gemm:128x100x784:nt", "gemm:128x512x512:nt",
        "gemm:784x100x128:tn", "gemm:512x512x128:tn",
        "gemm:128x128x128:tt",
        "gemv:30x784:n", "gemv:16x16:n", "gemv:64x64:n", "gemv:256x256:n", "gemv:2048x2048:n", "gemv:4096x4096:n",
        "gemv:784x30:t", "gemv:256x256:t", "gemv:2048x2048:t",
        "ger:784x30", "ger:16x16", "ger:64x64", "ger:256x256", "ger:2048x2048", "ger:4096x4096",
        "exp:8", "exp:100", "exp:1000", "exp:10000", "exp:100000", "exp:1000000", "exp:10000000",
        "log:1000", "log:100000",
        "sigmoid:100", "sigmoid:1000", "sigmoid:100000",
        "sigmoid-derivative:50000", "multiply-sigmoid-derivative:50000", "norm:50000",
        "gradient-descent:50000", "momentum:50000", "nesterov:50000", "rmsprop:50000", "adam:50000", "adamw:50000",
        "bias-sigmoid:10x30", "bias-sigmoid:128x512",
        "softmax:128x10", "softmax:64x1000",
        "log-softmax:64x1000",
        "softmax-jacobian:100", "softmax-jacobian-product:128x10",
        "cross-entropy:128x10", "cross-entropy:64x1000",
        "cost-from-probabilities:128x10", "cost-from-logits:128x10", "output-delta:128x10",
        "step:784-30-10:10", "step:784-100-10:128", "step:784-512-512-10:128",
        "predict:784-100-10:1", "predict:784-100-10:128",
    ];

    public static IReadOnlyList<string> Quick { get; } =
    [
        "gemm:128x100x784:nn",
        "gemv:784x100:n",
        "gemv:784x100:t",
        "exp:1000",
        "sigmoid:1000",
        "softmax:64x1000",
        "step:784-30-10:10",
    ];
}
