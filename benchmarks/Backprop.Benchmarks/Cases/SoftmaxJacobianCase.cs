namespace Backprop.Benchmarks.Cases;

/// <summary>
/// The N × N matrix ∂a_j/∂z_i = a_i·(δ_ij − a_j) of one example. N² + N operations: a product an element, a difference on the diagonal;
/// 4·(N² + N) bytes.
/// </summary>
internal sealed class SoftmaxJacobianCase(int length) : KernelCase
{
    public Operand Activations => field ??= RandomInputs.Distributions(1, length, seed: 1);

    public Operand Destination => field ??= new Operand(length * length);

    public override string Kernel => "softmax-jacobian";

    public override string Shape => $"{length}";

    public override double Flops => (double)length * length + length;

    public override double Bytes => 4 * ((double)length * length + length);

    public override double BytesWritten => 4.0 * length * length;

    public override double LargestArray => (double)length * length;

    public override IReadOnlyList<NamedResult> Results => [new("destination", Destination.Memory)];

    public override KernelCase CreateWarmUp() => new SoftmaxJacobianCase(50);

    public override void Reset() => Destination.Fill(float.NaN);

    /// <summary>Two roundings, of 1 − a_i and of the product.</summary>
    public override string? Check()
    {
        for (int i = 0; i < length; i++)
        {
            for (int j = 0; j < length; j++)
            {
                double expected = (double)Activations[i] * ((i == j ? 1 : 0) - (double)Activations[j]);
                double bound = 2 * ResultCheck.Epsilon * Math.Abs(expected);
                int index = i * length + j;
                if (ResultCheck.Compare("destination", index, Destination[index], expected, bound) is string difference)
                    return difference;
            }
        }
        return null;
    }
}
