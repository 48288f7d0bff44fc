namespace Backprop.Benchmarks.Cases;

/// <summary>σ(x) = 1 / (1 + e⁻ˣ) for x from −10 to 10.</summary>
internal sealed class SigmoidCase(int length) : ElementwiseCase(length)
{
    public override string Kernel => "sigmoid";

    public override double Flops => FunctionCost.Sigmoid * Length;

    public override KernelCase CreateWarmUp() => new SigmoidCase(1000);

    protected override Operand CreateInput(int length) => RandomInputs.Uniform(length, -10, 10, seed: 1);

    protected override double Reference(double x) => 1 / (1 + Math.Exp(-x));
}
