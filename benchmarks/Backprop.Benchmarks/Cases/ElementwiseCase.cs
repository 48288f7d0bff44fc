namespace Backprop.Benchmarks.Cases;

/// <summary>
/// One value in, one out: 8 bytes an element.
/// </summary>
internal abstract class ElementwiseCase(int length) : KernelCase
{
    /// <summary>Every contender here is within 4 ULP; the reference is double, and a ULP is at most ε of the value.</summary>
    private const double RelativeBound = 8 * ResultCheck.Epsilon;

    private const long CheckedElements = 1 << 20;

    protected abstract Operand CreateInput(int length);

    protected abstract double Reference(double x);

    public int Length => length;

    public Operand X => field ??= CreateInput(length);

    public Operand Destination => field ??= new Operand(length);

    public override string Shape => $"{length}";

    public override double Bytes => 8.0 * length;

    public override double BytesWritten => 4.0 * length;

    public override double LargestArray => length;

    public override IReadOnlyList<NamedResult> Results => [new("destination", Destination.Memory)];

    public override void Reset() => Destination.Fill(float.NaN);

    public override string? Check()
    {
        foreach (long i in ResultCheck.Sample(length, CheckedElements))
        {
            double expected = Reference(X[i]);
            if (ResultCheck.Compare("destination", i, Destination[i], expected, RelativeBound * Math.Abs(expected)) is string difference)
                return difference;
        }
        return null;
    }
}
