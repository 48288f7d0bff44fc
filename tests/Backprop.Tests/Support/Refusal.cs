using System.Globalization;
using Xunit;

namespace Backprop.Tests.Support;

/// <summary>What a refused argument must look like: the type, the argument's name, the number found and the number expected.</summary>
internal static class Refusal
{
    public static void Of<TException>(string parameter, Action call, params long[] numbers)
        where TException : ArgumentException
    {
        TException exception = Assert.Throws<TException>(call);
        Assert.Equal(parameter, exception.ParamName);
        foreach (long number in numbers)
        {
            string digits = number.ToString(CultureInfo.InvariantCulture);
            Expect.That(ContainsNumber(exception.Message, digits), $"the message “{exception.Message}” does not hold {digits}");
        }
    }

    /// <summary>The digits as a number of their own: 23 is not in “230”.</summary>
    private static bool ContainsNumber(string message, string digits)
    {
        for (int start = message.IndexOf(digits, StringComparison.Ordinal); start >= 0;
            start = message.IndexOf(digits, start + 1, StringComparison.Ordinal))
        {
            int end = start + digits.Length;
            if ((start == 0 || !char.IsAsciiDigit(message[start - 1])) && (end == message.Length || !char.IsAsciiDigit(message[end])))
                return true;
        }
        return false;
    }
}
