namespace Backprop.Benchmarks.Cases;

/// <summary>u·a·(1 − a), the product of BP2. 3·N operations, 12·N bytes: u and a in, the product out.</summary>
internal sealed class MultiplySigmoidDerivativeCase(int length) : KernelCase
{
    public Operand Upstream => field ??= RandomInputs.Uniform(length, -1, 1, seed: 1);

    public Operand Activations => field ??= RandomInputs.Uniform(length, 0, 1, seed: 2);

    public Operand Destination => field ??= new Operand(length);

    public override string Kernel => "multiply-sigmoid-derivative";

    public override string Shape => $"{length}";

    public override double Flops => 3.0 * length;

    public override double Bytes => 12.0 * length;

    public override double BytesWritten => 4.0 * length;

    public override double LargestArray => length;

    public override IReadOnlyList<NamedResult> Results => [new("destination", Destination.Memory)];

    public override KernelCase CreateWarmUp() => new MultiplySigmoidDerivativeCase(1000);

    public override void Reset() => Destination.Fill(float.NaN);

    /// <summary>Three roundings.</summary>
    public override string? Check()
    {
        for (int i = 0; i < length; i++)
        {
            double a = Activations[i], expected = Upstream[i] * a * (1 - a);
            double bound = 3 * ResultCheck.Epsilon * Math.Abs(expected);
            if (ResultCheck.Compare("destination", i, Destination[i], expected, bound) is string difference)
                return difference;
        }
        return null;
    }
}
