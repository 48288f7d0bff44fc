using Backprop.Benchmarks.Cases;
using Backprop.Kernels;
using Xunit;

namespace Backprop.Tests.Benchmarks;

/// <summary>The operations that the cases count are those that the kernels ask of a vector.</summary>
public unsafe class FunctionCostTests
{
    private static readonly float s_x = 1.5f, s_bias = -2f;

    [Fact]
    public void Exp()
    {
        fixed (float* constants = ExpConstants.All)
        {
            var function = ExpOperator<CountingLane, float>.Create(constants);
            Assert.Equal(FunctionCost.Exp, CountingLane.Count(() => function.Invoke(s_x)));
            Assert.Equal(2 * FunctionCost.Exp, CountingLane.Count(() => function.Invoke(s_x, s_x)));
        }
    }

    [Fact]
    public void Log()
    {
        fixed (float* constants = LogConstants.All)
        {
            var function = LogOperator<CountingLane, float>.Create(constants);
            Assert.Equal(FunctionCost.Log, CountingLane.Count(() => function.Invoke(s_x)));
            Assert.Equal(2 * FunctionCost.Log, CountingLane.Count(() => function.Invoke(s_x, s_x)));
        }
    }

    [Fact]
    public void Sigmoid()
    {
        fixed (float* constants = ExpConstants.All)
        {
            var function = SigmoidOperator<CountingLane, float>.Create(constants);
            Assert.Equal(FunctionCost.Sigmoid, CountingLane.Count(() => function.Invoke(s_x)));
            Assert.Equal(2 * FunctionCost.Sigmoid, CountingLane.Count(() => function.Invoke(s_x, s_x)));
        }
    }

    [Fact]
    public void BiasSigmoid()
    {
        fixed (float* constants = ExpConstants.All)
        {
            var function = BiasSigmoidOperator<CountingLane, float>.Create(constants);
            Assert.Equal(new BiasSigmoidCase(1, 1).Flops, CountingLane.Count(() => function.Invoke(s_x, s_bias)));
            Assert.Equal(new BiasSigmoidCase(2, 1).Flops, CountingLane.Count(() => function.Invoke(s_x, s_bias, s_x, s_bias)));
        }
    }
}
