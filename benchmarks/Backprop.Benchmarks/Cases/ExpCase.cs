namespace Backprop.Benchmarks.Cases;

/// <summary>eˣ for x from −10 to 10.</summary>
internal sealed class ExpCase(int length) : ElementwiseCase(length)
{
    public override string Kernel => "exp";

    public override double Flops => FunctionCost.Exp * Length;

    public override KernelCase CreateWarmUp() => new ExpCase(1000);

    protected override Operand CreateInput(int length) => RandomInputs.Uniform(length, -10, 10, seed: 1);

    protected override double Reference(double x) => Math.Exp(x);
}
