namespace Backprop.Benchmarks.Cases;

/// <summary>a·(1 − a) for activations a from 0 to 1. 2·N operations.</summary>
internal sealed class SigmoidDerivativeCase(int length) : ElementwiseCase(length)
{
    public override string Kernel => "sigmoid-derivative";

    public override double Flops => 2.0 * Length;

    public override KernelCase CreateWarmUp() => new SigmoidDerivativeCase(1000);

    protected override Operand CreateInput(int length) => RandomInputs.Uniform(length, 0, 1, seed: 1);

    protected override double Reference(double x) => x * (1 - x);
}
