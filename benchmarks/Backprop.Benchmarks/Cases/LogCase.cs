namespace Backprop.Benchmarks.Cases;

/// <summary>ln x for x from 0.001 to 1000, evenly in the exponent.</summary>
internal sealed class LogCase(int length) : ElementwiseCase(length)
{
    public override string Kernel => "log";

    public override double Flops => FunctionCost.Log * Length;

    public override KernelCase CreateWarmUp() => new LogCase(1000);

    protected override Operand CreateInput(int length)
    {
        Operand exponents = RandomInputs.Uniform(length, -3, 3, seed: 1);
        for (int i = 0; i < exponents.Length; i++)
            exponents[i] = MathF.Pow(10, exponents[i]);
        return exponents;
    }

    protected override double Reference(double x) => Math.Log(x);
}
