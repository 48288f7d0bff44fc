using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>What every kernel with targets refuses, for two rows of three classes: the message names the row and the value.</summary>
internal static class TargetRefusals
{
    public static void Check(Action<float[]> call)
    {
        Refused(call, [1, 0, 0, 0, float.NaN, 1], "row 1", "NaN");
        Refused(call, [1, 0, 0, 0.5f, 0.25f, 0], "row 1", "0.75");
        Refused(call, [0.5f, 0.5f, 0.5f, 1, 0, 0], "row 0", "1.5");
        Refused(call, [0, 0, 0, 1, 0, 0], "row 0", "0");
        Refused(call, [1, 0, 0, float.PositiveInfinity, 0, 0], "row 1", "∞");
        Refused(call, [0.9998f, 0, 0, 1, 0, 0], "row 0", "0.9998");
        Assert.Null(Record.Exception(() => call([0.99995f, 0, 0, 0.5f, 0.5f, 0.00005f])));
    }

    public static void CheckClasses(Action<int[]> call)
    {
        RefusedClass(call, [0, 3], 1, 3);
        RefusedClass(call, [-1, 0], 0, -1);
        RefusedClass(call, [2, int.MaxValue], 1, int.MaxValue);
        RefusedClass(call, [int.MinValue, 0], 0, int.MinValue);
        Assert.Null(Record.Exception(() => call([0, 2])));
    }

    private static void Refused(Action<float[]> call, float[] targets, string row, string value)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => call(targets));
        Assert.Equal("targets", exception.ParamName);
        Assert.Contains(row, exception.Message, StringComparison.Ordinal);
        Assert.Contains(value == "∞" ? "Infinity" : value, exception.Message, StringComparison.Ordinal);
    }

    private static void RefusedClass(Action<int[]> call, int[] classes, int row, int value) =>
        Refusal.Of<ArgumentException>("classes", () => call(classes), row, value, 2);
}
