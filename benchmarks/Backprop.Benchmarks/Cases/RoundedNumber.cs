namespace Backprop.Benchmarks.Cases;

/// <summary>
/// A number in double precision and how far off single precision may be that reckons the same: every operation passes on the errors of its
/// operands, to first order, and adds a rounding. A rounding counts as <see cref="ResultCheck.Epsilon"/>, twice what it can be, which
/// covers what is of second order and the same formula in another order.
/// </summary>
internal readonly record struct RoundedNumber(double Value, double Error)
{
    /// <summary>A float, which is what it is.</summary>
    public static implicit operator RoundedNumber(float value) => new(value, 0);

    /// <summary>A constant that is rounded to a float.</summary>
    public static RoundedNumber Of(double value) => Round(value, 0);

    public static RoundedNumber operator +(RoundedNumber a, RoundedNumber b) => Round(a.Value + b.Value, a.Error + b.Error);

    public static RoundedNumber operator -(RoundedNumber a, RoundedNumber b) => Round(a.Value - b.Value, a.Error + b.Error);

    public static RoundedNumber operator *(RoundedNumber a, RoundedNumber b) =>
        Round(a.Value * b.Value, Math.Abs(a.Value) * b.Error + Math.Abs(b.Value) * a.Error);

    public static RoundedNumber operator /(RoundedNumber a, RoundedNumber b)
    {
        double quotient = a.Value / b.Value;
        return Round(quotient, (a.Error + Math.Abs(quotient) * b.Error) / Math.Abs(b.Value));
    }

    /// <summary>The square root of a positive number.</summary>
    public static RoundedNumber Sqrt(RoundedNumber a)
    {
        double root = Math.Sqrt(a.Value);
        return Round(root, a.Error / (2 * root));
    }

    /// <summary>Null when <paramref name="actual"/> is within the error, else a text that names the element.</summary>
    public string? Compare(string name, long index, float actual) => ResultCheck.Compare(name, index, actual, Value, Error);

    private static RoundedNumber Round(double value, double error) => new(value, error + ResultCheck.Epsilon * Math.Abs(value));
}
