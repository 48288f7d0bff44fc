using System.Reflection;
using System.Text.RegularExpressions;
using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Suites;
using Backprop.Kernels;
using BenchmarkDotNet.Running;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public class ShapeParserTests
{
    private const long Plenty = 1L << 40;

    private static IEnumerable<string> UsualKinds => ShapeParser.Forms.Where(form => !form.OnlyNamed).Select(form => form.Kind).Order();

    [Theory]
    [InlineData("gemm:128x512x784:nn", "gemm-nn", "128x512x784")]
    [InlineData("gemm:5x6x7:nt", "gemm-nt", "5x6x7")]
    [InlineData("gemm:5x6x7:tn", "gemm-tn", "5x6x7")]
    [InlineData("gemm:5x6x7:tt", "gemm-tt", "5x6x7")]
    [InlineData("gemv:30x784:n", "gemv-n", "30x784")]
    [InlineData("gemv:30x784:t", "gemv-t", "30x784")]
    [InlineData("ger:3x4", "ger", "3x4")]
    [InlineData("exp:1", "exp", "1")]
    [InlineData("log:1000", "log", "1000")]
    [InlineData("sigmoid:17", "sigmoid", "17")]
    [InlineData("bias-sigmoid:10x30", "bias-sigmoid", "10x30")]
    [InlineData("softmax:64x1000", "softmax", "64x1000")]
    [InlineData("cross-entropy:128x10", "cross-entropy", "128x10")]
    [InlineData("sigmoid-derivative:17", "sigmoid-derivative", "17")]
    [InlineData("multiply-sigmoid-derivative:17", "multiply-sigmoid-derivative", "17")]
    [InlineData("norm:17", "norm", "17")]
    [InlineData("gradient-descent:17", "gradient-descent", "17")]
    [InlineData("momentum:17", "momentum", "17")]
    [InlineData("nesterov:17", "nesterov", "17")]
    [InlineData("rmsprop:17", "rmsprop", "17")]
    [InlineData("adam:17", "adam", "17")]
    [InlineData("adamw:17", "adamw", "17")]
    [InlineData("log-softmax:64x1000", "log-softmax", "64x1000")]
    [InlineData("softmax-jacobian:10", "softmax-jacobian", "10")]
    [InlineData("softmax-jacobian-product:128x10", "softmax-jacobian-product", "128x10")]
    [InlineData("cost-from-probabilities:128x10", "cost-from-probabilities", "128x10")]
    [InlineData("cost-from-logits:128x10", "cost-from-logits", "128x10")]
    [InlineData("output-delta:128x10", "output-delta", "128x10")]
    [InlineData("step:784-30-10:10", "step", "784-30-10:10")]
    [InlineData("predict:784-100-10:1", "predict", "784-100-10:1")]
    [InlineData("startup:64-100-10:predict", "startup-predict", "64-100-10")]
    [InlineData("startup:64-100-10:step", "startup-step", "64-100-10")]
    [InlineData("startup:64-100-10:epoch", "startup-epoch", "64-100-10")]
    public void A_shape_is_named_in_reports_as_it_is_written(string text, string kernel, string shape)
    {
        KernelCase problem = ShapeParser.Parse(text, Plenty);
        Assert.Equal((kernel, shape), (problem.Kernel, problem.Shape));
        Assert.Equal(kernel, problem.CreateWarmUp().Kernel);
    }

    [Theory]
    // 2·2·3·5 operations; (2·5 + 5·3 + 2·3) floats
    [InlineData("gemm:2x3x5:nt", 60, 124)]
    // (6 + 2 + 3) floats
    [InlineData("gemv:2x3:t", 12, 44)]
    // A read and written: (12 + 2 + 3) floats
    [InlineData("ger:2x3", 12, 68)]
    [InlineData("exp:10", 190, 80)]
    [InlineData("log:10", 260, 80)]
    [InlineData("sigmoid:10", 230, 80)]
    [InlineData("bias-sigmoid:2x3", 144, 60)]
    // 22 an element and the reciprocal of a row's sum
    [InlineData("softmax:2x3", 134, 48)]
    // z, activations and delta, and a class a row: (18 + 2) floats
    [InlineData("cross-entropy:2x3", 196, 80)]
    // 1 − a and the product with a; (10 + 10) floats
    [InlineData("sigmoid-derivative:10", 20, 80)]
    // one product more, one operand more
    [InlineData("multiply-sigmoid-derivative:10", 30, 120)]
    // square and sum; read alone
    [InlineData("norm:10", 20, 40)]
    // λ·w, + g, ·η, − w; two read and one written
    [InlineData("gradient-descent:10", 40, 120)]
    // λ·w, + g, ·η, μ·v, their difference, + w; three read and two written
    [InlineData("momentum:10", 60, 200)]
    // μ·v and the difference once more
    [InlineData("nesterov:10", 80, 200)]
    // λ·w, + g; β·s, p², ·(1 − β), sum; root, + ε, quotient, ·η, − w
    [InlineData("rmsprop:10", 110, 200)]
    // β·m, (1 − β)·p, sum; s/c₂; four read and three written
    [InlineData("adam:10", 150, 280)]
    // k·w instead of λ·w + g
    [InlineData("adamw:10", 140, 280)]
    // 23 an element and the logarithm of a row's sum
    [InlineData("log-softmax:2x3", 190, 48)]
    // 3·3 products and 3 differences on the diagonal; (3 + 9) floats
    [InlineData("softmax-jacobian:3", 12, 48)]
    // product and sum, difference and product; (6 + 6 + 6) floats
    [InlineData("softmax-jacobian-product:2x3", 24, 72)]
    [InlineData("cost-from-probabilities:2x3", 170, 48)]
    // z, and a class a row: (6 + 2) floats
    [InlineData("cost-from-logits:2x3", 186, 32)]
    [InlineData("output-delta:2x3", 6, 72)]
    // 4·3 + 3·2 = 18 connections, 23 parameters; forward 2·5·18; parameters, inputs and outputs: (23 + 20 + 10) floats
    [InlineData("predict:4-3-2:5", 180, 212)]
    // forward and weight gradient over 18 connections, delta over 6: 2·5·(18 + 18 + 6); (2·23 + 20 + 5) floats
    [InlineData("step:4-3-2:5", 420, 284)]
    public void Operations_and_bytes_are_those_of_the_formula(string text, double flops, double bytes)
    {
        KernelCase problem = ShapeParser.Parse(text, Plenty);
        Assert.Equal((flops, bytes), (problem.Flops, problem.Bytes));
    }

    [Theory]
    [InlineData("", "unknown kernel ''")]
    [InlineData("dot:5", "unknown kernel 'dot'")]
    [InlineData("GEMM:1x2x3:nn", "unknown kernel 'GEMM'")]
    [InlineData("gemm", "expected gemm:MxNxK:nn|nt|tn|tt")]
    [InlineData("gemm:1x2x3", "expected gemm:MxNxK:nn|nt|tn|tt")]
    [InlineData("gemm:1x2:nn", "expected gemm:MxNxK:nn|nt|tn|tt")]
    [InlineData("gemm:1x2x3x4:nn", "expected gemm:MxNxK:nn|nt|tn|tt")]
    [InlineData("gemm:1x2x3:n", "expected gemm:MxNxK:nn|nt|tn|tt")]
    [InlineData("gemm:1x2x3:nn:", "expected gemm:MxNxK:nn|nt|tn|tt")]
    [InlineData("gemm:1xtwox3:nn", "expected gemm:MxNxK:nn|nt|tn|tt")]
    [InlineData("gemm:1x2.5x3:nn", "expected gemm:MxNxK:nn|nt|tn|tt")]
    [InlineData("gemm:1x 2x3:nn", "expected gemm:MxNxK:nn|nt|tn|tt")]
    [InlineData("gemm:0x2x3:nn", "size 0 is not from 1")]
    [InlineData("gemm:1x-2x3:nn", "size -2 is not from 1")]
    [InlineData("exp:2147483648", "size 2147483648 is not from 1 to 2147483647")]
    [InlineData("exp:99999999999999999999", "expected exp:N")]
    [InlineData("exp:", "expected exp:N")]
    [InlineData("exp:5:n", "expected exp:N")]
    [InlineData("softmax:5", "expected softmax:ROWSxCOLUMNS")]
    [InlineData("momentum:5x5", "expected momentum:N")]
    [InlineData("output-delta:5x5:n", "expected output-delta:ROWSxCOLUMNS")]
    [InlineData("step:784:10", "at least two layers")]
    [InlineData("step:784--10:10", "expected step:L0-L1-…:BATCH")]
    [InlineData("step:784-10", "expected step:L0-L1-…:BATCH")]
    [InlineData("predict:784-10:0", "size 0 is not from 1")]
    [InlineData("startup:784:step", "at least two layers")]
    [InlineData("startup:784-10:train", "expected startup:L0-L1-…[:predict|step|epoch]")]
    public void A_bad_shape_is_refused_with_what_was_expected(string text, string expected)
    {
        InputException exception = Assert.Throws<InputException>(() => ShapeParser.Parse(text, Plenty));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Theory]
    [InlineData("exp:2000000000", 1L << 30, "needs 14.9 GiB of memory, there are 1.0 GiB")]
    [InlineData("gemm:100000x100000x2:nn", Plenty, "elements do not fit one array")]
    [InlineData("step:100000-100000-10:1", Plenty, "elements do not fit one array")]
    [InlineData("gemm:2147483647x2147483647x2147483647:nn", Plenty, "elements do not fit one array")]
    public void A_shape_that_cannot_be_held_is_refused_without_allocating_it(string text, long available, string expected)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        InputException exception = Assert.Throws<InputException>(() => ShapeParser.Parse(text, available));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData("startup:64-10", "startup:64-10:predict", "startup:64-10:step", "startup:64-10:epoch")]
    [InlineData("startup:64-10:step", "startup:64-10:step")]
    [InlineData("startup", "startup")]
    [InlineData("exp:5", "exp:5")]
    [InlineData("dot:5", "dot:5")]
    public void A_shape_whose_option_may_go_unsaid_stands_for_one_of_each(string text, params string[] expected) =>
        Assert.Equal(expected, ShapeParser.Expand(text));

    [Fact]
    public void The_default_lists_can_be_run_and_cover_every_kind()
    {
        IReadOnlyList<string> full = DefaultShapes.Full(new(32 << 10, 1 << 20, 32 << 20, "test"));
        Assert.Equal(UsualKinds, full.Select(text => text.Split(':')[0]).Distinct().Order());
        HashSet<string> options = [.. full.Select(text => ShapeParser.Parse(text, Plenty).Kernel)];
        Assert.Superset(new HashSet<string> { "gemm-nn", "gemm-nt", "gemm-tn", "gemm-tt", "gemv-n", "gemv-t" }, options);
        Assert.All(DefaultShapes.Quick, text => ShapeParser.Parse(text, Plenty));
    }

    [Fact]
    public void A_shape_past_the_last_cache_is_added_where_the_cache_is_large()
    {
        const long Cache = 96L << 20;
        string[] added = [.. DefaultShapes.Full(new(32 << 10, 1 << 20, Cache, "test")).Except(
            DefaultShapes.Full(new(32 << 10, 1 << 20, 32 << 20, "test")))];
        Assert.True(ShapeParser.Parse(Assert.Single(added), Plenty).WorkingSet > Cache);
    }

    [Fact]
    public void Help_lists_every_kind()
    {
        string help = CompareCommand.Create().Options.Single(option => option.Name == "--shape").Description!;
        Assert.All(ShapeParser.Forms, form => Assert.Contains($"\n  {form.Form}\n", help, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_kind_is_a_benchmark_too()
    {
        IEnumerable<string> benchmarks = typeof(KernelBenchmarks).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(KernelBenchmarks)))
            .SelectMany(type => BenchmarkConverter.TypeToBenchmarks(type).BenchmarksCases)
            .Select(benchmark => KernelShapeAttribute.Of(benchmark)?.Split(':')[0])
            .OfType<string>();
        Assert.Equal(UsualKinds, benchmarks.Distinct().Order());
    }

    [Fact]
    public void Every_kernel_of_the_library_has_a_kind()
    {
        // the names differ where the library's is one of several operations with a cost in it, or is written as one word
        Dictionary<string, string> kinds = new()
        {
            ["SoftmaxCrossEntropy"] = "cross-entropy",
            ["CrossEntropy"] = "cost-from-probabilities",
            ["CrossEntropyFromLogits"] = "cost-from-logits",
            ["RmsPropUpdate"] = "rmsprop",
            ["AdamWUpdate"] = "adamw",
        };
        IEnumerable<string> kernels = typeof(Kernel).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Select(method => kinds.GetValueOrDefault(method.Name)
                ?? Regex.Replace(method.Name.Replace("Update", "", StringComparison.Ordinal), "(?<!^)[A-Z]", "-$0").ToLowerInvariant());
        Assert.Superset(kernels.ToHashSet(), ShapeParser.Forms.Select(form => form.Kind).ToHashSet());
    }
}
