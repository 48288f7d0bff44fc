using System.Globalization;
using Backprop.Kernels;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

public class RefusalCultureTests
{
    [Fact]
    public void Messages_hold_the_same_numbers_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        other.NumberFormat.NegativeSign = "minus ";
        other.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = other;
        try
        {
            AssertMessage("got -3", () => Kernel.Softmax([], -3, 5, []));
            AssertMessage("got -4", () => Kernel.Ger(3, 7, 1, new float[3], new float[7], new float[21], -4));
            AssertMessage("class -2", () => Kernel.OutputDelta(new float[2], [-2], 1, 2, new float[2]));
            AssertMessage("sums to 0.75,", () => Kernel.OutputDelta(new float[2], Inputs.Filled(2, 0.375f), 1, 2, new float[2]));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static void AssertMessage(string part, Action call) =>
        Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(call).Message, StringComparison.Ordinal);
}
