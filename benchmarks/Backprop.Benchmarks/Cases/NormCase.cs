namespace Backprop.Benchmarks.Cases;

/// <summary>√(Σ x²), the length of a gradient before it is clipped. 2·N operations, 4·N bytes: x in.</summary>
internal sealed class NormCase(int length) : KernelCase
{
    public Operand X => field ??= RandomInputs.Uniform(length, -1, 1, seed: 1);

    public float Norm { get; set; }

    public override string Kernel => "norm";

    public override string Shape => $"{length}";

    public override double Flops => 2.0 * length;

    public override double Bytes => 4.0 * length;

    public override double BytesWritten => 0;

    public override double LargestArray => length;

    public override IReadOnlyList<NamedResult> Results => [new("norm", new[] { Norm })];

    public override KernelCase CreateWarmUp() => new NormCase(1000);

    public override void Reset() => Norm = float.NaN;

    /// <summary>A rounding a product and a sum of it in float, of which the root leaves half, and its own.</summary>
    public override string? Check()
    {
        double squares = 0;
        foreach (float x in X.AsSpan())
            squares += (double)x * x;
        double expected = Math.Sqrt(squares);
        return ResultCheck.Compare("norm", 0, Norm, expected, (length / 2.0 + 1) * ResultCheck.Epsilon * expected);
    }
}
