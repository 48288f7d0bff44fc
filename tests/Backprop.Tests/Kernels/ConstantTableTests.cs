using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Backprop.Kernels;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>The tables of constants that kernels read without a pin are data of the assembly: an array made for the call would move.</summary>
public class ConstantTableTests
{
    [Fact]
    public void Of_functions_of_one_operand_have_one_address()
    {
        AssertOneAddress(ExpFunction.Constants, ExpFunction.Constants, nameof(ExpFunction));
        AssertOneAddress(LogFunction.Constants, LogFunction.Constants, nameof(LogFunction));
        AssertOneAddress(SigmoidFunction.Constants, SigmoidFunction.Constants, nameof(SigmoidFunction));
        AssertOneAddress(SigmoidDerivativeFunction.Constants, SigmoidDerivativeFunction.Constants, nameof(SigmoidDerivativeFunction));
    }

    [Fact]
    public void Of_functions_of_two_operands_have_one_address()
    {
        AssertOneAddress(BiasSigmoidFunction.Constants, BiasSigmoidFunction.Constants, nameof(BiasSigmoidFunction));
        AssertOneAddress(
            MultiplySigmoidDerivativeFunction.Constants, MultiplySigmoidDerivativeFunction.Constants, nameof(MultiplySigmoidDerivativeFunction));
    }

    private static void AssertOneAddress(ReadOnlySpan<float> once, ReadOnlySpan<float> again, string function) =>
        Assert.True(Unsafe.AreSame(ref MemoryMarshal.GetReference(once), ref MemoryMarshal.GetReference(again)), function);
}
