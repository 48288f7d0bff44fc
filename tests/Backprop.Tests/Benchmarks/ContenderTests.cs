using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Contenders;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Benchmarks;

[Collection(ProcessWide.Name)]
public class ContenderTests
{
    public static TheoryData<string> Shapes =>
    [
        "gemm:5x7x9:nn", "gemm:5x7x9:nt", "gemm:5x7x9:tn", "gemm:5x7x9:tt", "gemm:1x1x1:nn", "gemv:5x7:n", "gemv:5x7:t", "ger:5x7",
        "exp:33", "log:33", "sigmoid:33", "bias-sigmoid:3x17", "softmax:3x17", "cross-entropy:3x17",
        "sigmoid-derivative:33", "multiply-sigmoid-derivative:33", "log-softmax:3x17", "softmax-jacobian:17",
        "norm:33", "gradient-descent:33", "momentum:33", "nesterov:33", "rmsprop:33", "adam:33", "adamw:33",
        "softmax-jacobian-product:3x17", "cost-from-probabilities:3x17", "cost-from-logits:3x17", "output-delta:3x17",
        "step:7-5-4-3:6", "predict:7-5-4-3:6", "step:2-1:1", "predict:2-1:1",
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_contender_gives_what_the_reference_gives(string text)
    {
        foreach (IContender contender in ContenderList.All)
        {
            KernelCase problem = ShapeParser.Parse(text);
            if (contender.Bind(problem, threads: 1) is not BoundCall call)
            {
                bool expected = contender.Name == "tensorprimitives" ? problem is NetworkCase
                    : contender is LevelContender && problem is OutputDeltaCase;
                Assert.True(expected, $"{contender.Name} has no {problem.Kernel}");
                continue;
            }
            problem.Reset();
            call.Run();
            call.Publish?.Invoke();
            Assert.Null(problem.Check());
        }
    }

    // negative control: a check that nothing could fail would prove nothing
    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_call_that_does_nothing_is_found_out(string text)
    {
        KernelCase problem = ShapeParser.Parse(text);
        problem.Reset();
        Assert.NotNull(problem.Check());
    }

    [Fact]
    public void A_result_that_is_off_by_a_thousandth_is_found_out()
    {
        var problem = (GemmCase)ShapeParser.Parse("gemm:5x7x9:nt");
        problem.Reset();
        new NaiveContender().Bind(problem, 1)!.Run();
        problem.C[20] *= 1.001f;
        Assert.StartsWith("C[20] is ", problem.Check(), StringComparison.Ordinal);

        var step = (StepCase)ShapeParser.Parse("step:7-5-3:6");
        BoundCall call = new NaiveContender().Bind(step, 1)!;
        call.Run();
        call.Publish!();
        // an update that went the other way: the last bias is the output layer's, whose gradient is not small
        Span<float> updated = step.Updated;
        updated[^1] += 2 * (step.Biases[^1].AsSpan()[^1] - updated[^1]);
        Assert.StartsWith("biases of layer 2", step.Check(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sigmoid-derivative:33")]
    [InlineData("multiply-sigmoid-derivative:33")]
    [InlineData("norm:33")]
    [InlineData("gradient-descent:33")]
    [InlineData("momentum:33")]
    [InlineData("nesterov:33")]
    [InlineData("rmsprop:33")]
    [InlineData("adam:33")]
    [InlineData("adamw:33")]
    [InlineData("log-softmax:3x17")]
    [InlineData("softmax-jacobian:17")]
    [InlineData("softmax-jacobian-product:3x17")]
    [InlineData("cost-from-probabilities:3x17")]
    [InlineData("cost-from-logits:3x17")]
    [InlineData("output-delta:3x17")]
    public void A_result_of_one_element_that_is_off_by_a_thousandth_is_found_out(string text)
    {
        KernelCase problem = ShapeParser.Parse(text);
        BoundCall call = new NaiveContender().Bind(problem, 1)!;
        foreach (int result in Enumerable.Range(0, Results(problem).Length))
        {
            problem.Reset();
            call.Run();
            Assert.Null(problem.Check());
            if (problem is NormCase norm)
                norm.Norm *= 1.001f;
            else if (problem is CostFromProbabilitiesCase probabilities)
                probabilities.Cost *= 1.001f;
            else if (problem is CostFromLogitsCase logits)
                logits.Cost *= 1.001f;
            else
                Results(problem)[result][13] *= 1.001f;
            Assert.NotNull(problem.Check());
        }
    }

    // what a case writes; a cost is a number by itself
    private static Operand[] Results(KernelCase problem) => problem switch
    {
        ElementwiseCase c => [c.Destination],
        MultiplySigmoidDerivativeCase c => [c.Destination],
        UpdateCase c => UpdateResults(c),
        LogSoftmaxCase c => [c.Destination],
        SoftmaxJacobianCase c => [c.Destination],
        SoftmaxJacobianProductCase c => [c.Destination],
        OutputDeltaCase c => [c.Destination],
        _ => [new(0)],
    };

    private static Operand[] UpdateResults(UpdateCase problem) => problem.Rule switch
    {
        UpdateRule.GradientDescent => [problem.Parameters],
        UpdateRule.Momentum or UpdateRule.Nesterov => [problem.Mean, problem.Parameters],
        UpdateRule.RmsProp => [problem.Square, problem.Parameters],
        _ => [problem.Mean, problem.Square, problem.Parameters],
    };

    [Fact]
    public void The_cap_is_put_back_after_a_call_at_a_level()
    {
        SimdLevel? before = SimdSupport.Cap;
        foreach (SimdLevel level in Enum.GetValues<SimdLevel>())
        {
            new LevelContender(level).Bind(ShapeParser.Parse("predict:7-5-3:6"), 1)!.Run();
            Assert.Equal(before, SimdSupport.Cap);
        }
    }

    [Fact]
    public void Levels_come_in_the_order_of_reports_whatever_the_order_they_are_named_in()
    {
        string[] names = ["auto", "scalar", "naive"];
        Assert.Equal(["naive", "scalar", "auto"], ContenderList.Select(names).Select(contender => contender.Name));
        Assert.Equal(
            ["naive", "scalar", "v128", "v256", "v512", "tensorprimitives", "auto"], ContenderList.All.Select(contender => contender.Name));
    }

    [Fact]
    public void Without_names_the_levels_this_process_lacks_are_left_out_and_by_name_they_are_refused()
    {
        foreach (SimdLevel level in Enum.GetValues<SimdLevel>())
        {
            bool supported = SimdSupport.IsSupported(level);
            Assert.Equal(supported, ContenderList.Select([]).Any(contender => contender.Name == level.ToName()));
            if (!supported)
            {
                InputException exception = Assert.Throws<InputException>(() => ContenderList.Select([level.ToName()]));
                Assert.StartsWith($"level '{level.ToName()}' is not available", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void An_unknown_level_is_refused_with_the_known_ones()
    {
        InputException exception = Assert.Throws<InputException>(() => ContenderList.Select(["v1024"]));
        Assert.Equal(
            "unknown level 'v1024', expected naive, scalar, v128, v256, v512, tensorprimitives, auto", exception.Message);
    }
}
